/** The conversation screen: the log, whether something is awaited, and the answer. */

import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { words } from '../i18n/words';
import { Answer } from './answer';
import type { Conversation } from './conversation';
import { Log } from './log';

export function ConversationView({ conversation }: { conversation: Conversation }): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus({ preventScroll: true }), []);
  return (
    <div class="conversation">
      <h1 class="visually-hidden" tabIndex={-1} ref={title}>
        {words.conversation.title}
      </h1>
      <Log conversation={conversation} />
      {/* Always there, for a live region that comes with its words is often not spoken. */}
      <p class="waiting" role="status">
        {conversation.waiting.value === 'long' ? words.conversation.waiting : ''}
      </p>
      <Answer conversation={conversation} />
    </div>
  );
}
