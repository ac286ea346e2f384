import { render } from 'preact';
import { App } from './app/app';
import { applyPreferences } from './app/preferences';
import { Visit } from './app/visit';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/home.css';
import './style/conversation.css';
import './style/blocks.css';
import './style/charts.css';
import './style/input.css';

const page = document.getElementById('app');
if (page === null) {
  throw new Error('index.html has no #app');
}

const visit = new Visit();
applyPreferences(document.documentElement);

// In the capture phase, so that nothing on the page can keep a touch from the timer.
for (const touch of ['pointerdown', 'keydown', 'wheel']) {
  window.addEventListener(touch, () => visit.idle.touch(), { capture: true, passive: true });
}
// A long press opens no menu.
window.addEventListener('contextmenu', (event) => event.preventDefault());
// The browser kept the page of an earlier visit and shows it again.
window.addEventListener('pageshow', (event) => event.persisted && visit.end());

render(<App visit={visit} />, page);
