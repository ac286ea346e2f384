/** The frame of every screen: header, the screen itself, footer; each in the same place everywhere. */

import type { JSX } from 'preact';
import { ConversationView } from '../chat/conversation-view';
import { Footer } from './footer';
import { Header } from './header';
import { Home } from './home';
import { IdleWarning } from './idle-warning';
import type { Visit } from './visit';

export function App({ visit }: { visit: Visit }): JSX.Element {
  return (
    <div class="shell">
      <Header />
      <main class="shell__main">
        {visit.screen.value === 'home' ? <Home visit={visit} /> : <ConversationView conversation={visit.conversation} />}
      </main>
      <Footer visit={visit} />
      <IdleWarning idle={visit.idle} onEnd={() => visit.end()} />
    </div>
  );
}
