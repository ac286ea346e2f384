/** Are you still there? The page behind it is blurred; only a tap on one of its two buttons answers. */

import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { words } from '../i18n/words';
import type { Idle } from './idle';

interface Props {
  readonly idle: Idle;
  readonly onEnd: () => void;
}

export function IdleWarning({ idle, onEnd }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const left = idle.secondsLeft.value;
  const warned = left !== null;
  useLayoutEffect(() => {
    if (warned) {
      dialog.current?.showModal();
    } else {
      dialog.current?.close();
    }
  }, [warned]);
  // Shown every second, spoken every ten.
  const spoken = left === null ? null : Math.ceil(left / 10) * 10;
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="idle-title" onCancel={(event) => event.preventDefault()}>
      {left !== null && spoken !== null && (
        <>
          <h2 class="dialog__title" id="idle-title">
            {words.idle.title}
          </h2>
          <p aria-hidden="true">{words.idle.left(left)}</p>
          <p class="visually-hidden" role="status">
            {words.idle.left(spoken)}
          </p>
          <div class="dialog__actions">
            <button type="button" class="button button--primary" onClick={() => idle.stay()}>
              {words.idle.stay}
            </button>
            <button type="button" class="button" onClick={onEnd}>
              {words.idle.end}
            </button>
          </div>
        </>
      )}
    </dialog>
  );
}
