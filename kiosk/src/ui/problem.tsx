/** What is wrong with an entry, in words. It is spoken, and takes the focus so that it is not missed. */

import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icons';

export function Problem({ text }: { text: string | null }): JSX.Element {
  const message = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    if (text !== null) {
      message.current?.focus({ preventScroll: true });
    }
  }, [text]);
  return (
    <div role="alert">
      {text !== null && (
        <p class="problem" tabIndex={-1} ref={message}>
          <Icon name="warning" />
          {text}
        </p>
      )}
    </div>
  );
}
