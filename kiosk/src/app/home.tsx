/** The first screen: what do you want to do? */

import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { TextForm } from '../chat/text-form';
import { words } from '../i18n/words';
import { Icon } from '../ui/icons';
import { Scroller } from '../ui/scroller';
import { matters } from './matters';
import { Scenery } from './scenery';
import type { Visit } from './visit';

export function Home({ visit }: { visit: Visit }): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus({ preventScroll: true }), []);
  const { conversation } = visit;
  return (
    <Scroller class="home">
      <div class="hero">
        <Scenery />
        <h1 class="hero__title" tabIndex={-1} ref={title}>
          {words.home.title}
        </h1>
        <p class="hero__hint">{words.home.hint}</p>
      </div>
      <div class="home__actions">
        <ul class="tiles" aria-label={words.home.matters}>
          {matters.map((matter) => (
            <li key={matter.name}>
              <button type="button" class="button tile" onClick={() => visit.ask(matter.says)}>
                <span class="tile__icon">
                  <Icon name={matter.icon} />
                </span>
                <span class="tile__words">
                  <span class="tile__name">{matter.name}</span>
                  <span class="tile__hint">{matter.hint}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
        <TextForm label={words.home.ask} placeholder={words.home.placeholder} draft={conversation.draft} onSend={(text) => visit.ask(text)} />
        {conversation.turns.value.length > 0 && (
          <button type="button" class="button button--primary home__resume" onClick={() => visit.resume()}>
            <Icon name="right" />
            {words.home.resume}
          </button>
        )}
      </div>
    </Scroller>
  );
}
