/** What a form is for. It takes the focus when the form appears, so that a listener hears what is asked now. */

import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export function FormTitle({ text }: { text: string }): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus({ preventScroll: true }), []);
  return (
    <h2 class="form__title" tabIndex={-1} ref={title}>
      {text}
    </h2>
  );
}
