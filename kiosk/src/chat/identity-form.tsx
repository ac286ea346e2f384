/** The identity check by name and number. Neither is ever in the log, and the number never in the document. */

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { DigitPad } from '../input/digit-pad';
import { padRules } from '../input/pad';
import { words } from '../i18n/words';
import { FormTitle } from '../ui/form-title';
import { Icon } from '../ui/icons';
import { Problem } from '../ui/problem';

interface Props {
  readonly onSend: (name: string, idNumber: string) => void;
}

const rules = padRules['id-number'];

export function IdentityForm({ onSend }: Props): JSX.Element {
  const id = useId();
  const name = useSignal('');
  const number = useSignal('');
  const problem = useSignal<string | null>(null);
  const submit = () => {
    const who = name.value.trim();
    problem.value = who === '' ? words.identity.noName : rules.problem(number.value, new Date());
    if (problem.value === null) {
      onSend(who, number.value);
    }
  };
  return (
    <div class="form">
      <FormTitle text={words.identity.title} />
      <p class="form__note">
        <Icon name="lock" />
        {words.identity.privacy}
      </p>
      <Problem text={problem.value} />
      <div class="field">
        <label class="field__label" for={id}>
          {words.identity.name}
        </label>
        <input
          id={id}
          class="field__input"
          type="text"
          autocomplete="off"
          autocorrect="off"
          spellcheck={false}
          maxLength={30}
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </div>
      <DigitPad label={words.identity.number} rules={rules} entry={number} confirm={words.identity.submit} onConfirm={submit} />
    </div>
  );
}
