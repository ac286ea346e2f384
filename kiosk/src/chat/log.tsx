/** What was said so far: the resident's words right, the desk's answers left. */

import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { words } from '../i18n/words';
import { Scroller } from '../ui/scroller';
import { BlockView } from './blocks/block';
import { Papers } from './blocks/document';
import type { Conversation, Turn } from './conversation';
import type { Reply } from './reply';
import { sourceLine } from './sources';

export function Log({ conversation }: { conversation: Conversation }): JSX.Element {
  const view = useRef<HTMLDivElement>(null);
  const turns = conversation.turns.value;
  const waiting = conversation.waiting.value;
  const latest = conversation.latest.value;

  // The last question at the top: its answer is read from its beginning.
  useLayoutEffect(() => {
    const last = view.current?.querySelector<HTMLElement>('.turn:last-of-type');
    if (view.current && last) {
      view.current.scrollTop = last.offsetTop;
    }
  }, [turns]);

  // The button that was tapped may have gone with its question; the answer takes its place. A form has its own title.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) {
      view.current?.querySelector<HTMLElement>('.turn:last-of-type .reply')?.focus({ preventScroll: true });
    }
  }, [latest]);

  return (
    <Scroller
      view={view}
      class="log"
      attributes={{ role: 'log', 'aria-label': words.conversation.log, 'aria-live': 'polite', 'aria-busy': waiting !== 'no' }}
    >
      <Papers.Provider value={(url) => conversation.paper(url)}>
        {turns.map((turn, n) => (
          <TurnView key={turn.id} turn={turn} last={n === turns.length - 1} />
        ))}
      </Papers.Provider>
    </Scroller>
  );
}

function TurnView({ turn, last }: { turn: Turn; last: boolean }): JSX.Element {
  return (
    <section class="turn">
      <p class="said">
        <span class="visually-hidden">{words.conversation.you}：</span>
        {turn.said}
      </p>
      {turn.reply !== null && <ReplyView reply={turn.reply} />}
      {turn.reply === null && !last && <p class="turn__unanswered">{words.conversation.unanswered}</p>}
    </section>
  );
}

function ReplyView({ reply }: { reply: Reply }): JSX.Element {
  const id = useId();
  return (
    <article class="reply" aria-labelledby={id} tabIndex={-1}>
      <h2 class="visually-hidden" id={id}>
        {words.conversation.desk}
      </h2>
      {reply.blocks.map((block, n) => (
        <BlockView key={n} block={block} />
      ))}
      {reply.sources.length > 0 && (
        <footer class="sources">
          <h3 class="sources__title">{words.conversation.sources}</h3>
          <ul>
            {reply.sources.map((source, n) => (
              <li key={n}>{sourceLine(source)}</li>
            ))}
          </ul>
        </footer>
      )}
    </article>
  );
}
