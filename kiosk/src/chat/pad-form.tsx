/** An answer on the digit pad: a date, a sum, a number. */

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { DigitPad } from '../input/digit-pad';
import { padRules, type PadKind } from '../input/pad';
import { words } from '../i18n/words';
import { Problem } from '../ui/problem';

interface Props {
  readonly kind: PadKind;
  readonly label: string;
  /** Gets the answer as a resident would say it. */
  readonly onSend: (text: string) => void;
}

export function PadForm({ kind, label, onSend }: Props): JSX.Element {
  const rules = padRules[kind];
  const entry = useSignal('');
  const problem = useSignal<string | null>(null);
  const confirm = () => {
    problem.value = rules.problem(entry.value, new Date());
    if (problem.value === null) {
      onSend(rules.text(entry.value));
    }
  };
  return (
    <div class="form">
      <Problem text={problem.value} />
      <DigitPad label={label} rules={rules} entry={entry} confirm={words.input.confirm} onConfirm={confirm} />
    </div>
  );
}
