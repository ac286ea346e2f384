/** The one-time code of the identity check. */

import type { JSX } from 'preact';
import { words } from '../i18n/words';
import { FormTitle } from '../ui/form-title';
import { PadForm } from './pad-form';

interface Props {
  /** What the desk calls the field: it may name the phone, masked. */
  readonly prompt: string;
  readonly onSend: (code: string) => void;
}

export function CodeForm({ prompt, onSend }: Props): JSX.Element {
  return (
    <div class="form">
      <FormTitle text={words.code.title} />
      <PadForm kind="otp" label={prompt === '' ? words.code.hint : prompt} onSend={onSend} />
    </div>
  );
}
