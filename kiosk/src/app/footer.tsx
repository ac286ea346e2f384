/** The three ways out, in the same place on every screen. */

import type { JSX } from 'preact';
import { words } from '../i18n/words';
import { Icon } from '../ui/icons';
import type { Visit } from './visit';

export function Footer({ visit }: { visit: Visit }): JSX.Element {
  return (
    <footer class="footer">
      <nav class="footer__actions" aria-label={words.footer.label}>
        <button type="button" class="button footer__button" onClick={() => visit.goHome()}>
          <Icon name="home" />
          {words.footer.home}
        </button>
        <button type="button" class="button footer__button" onClick={() => visit.end()}>
          <Icon name="end" />
          {words.footer.end}
        </button>
        <button type="button" class="button footer__button" onClick={() => visit.help()}>
          <Icon name="help" />
          {words.footer.help}
        </button>
      </nav>
    </footer>
  );
}
