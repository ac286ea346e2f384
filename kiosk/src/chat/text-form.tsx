/** One line of words and a button to send it. */

import type { Signal } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { useId } from 'preact/hooks';
import { words } from '../i18n/words';
import { Icon } from '../ui/icons';

/** Far more than anybody types standing; the desk itself takes 2,000 characters. */
const LONGEST = 200;

interface Props {
  readonly label: string;
  readonly placeholder?: string;
  readonly draft: Signal<string>;
  readonly onSend: (text: string) => void;
}

export function TextForm({ label, placeholder = '', draft, onSend }: Props): JSX.Element {
  const id = useId();
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = draft.value.trim();
    if (text !== '') {
      draft.value = '';
      onSend(text);
    }
  };
  return (
    <form class="field text-form" onSubmit={onSubmit}>
      <label class="field__label" for={id}>
        {label}
      </label>
      <div class="text-form__line">
        <input
          id={id}
          class="field__input"
          type="text"
          autocomplete="off"
          autocorrect="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="send"
          maxLength={LONGEST}
          placeholder={placeholder}
          value={draft.value}
          onInput={(event) => (draft.value = event.currentTarget.value)}
        />
        <button type="submit" class="button button--primary">
          <Icon name="send" />
          {words.conversation.send}
        </button>
      </div>
    </form>
  );
}
