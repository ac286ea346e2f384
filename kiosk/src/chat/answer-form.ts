/** Which form a reply wants to be answered with. */

import type { PadKind } from '../input/pad';
import type { Reply } from './reply';

export type AnswerForm =
  | { readonly form: 'text' }
  | { readonly form: 'identity' }
  | { readonly form: 'code' }
  | { readonly form: 'card' }
  | { readonly form: 'pad'; readonly kind: PadKind };

/** The form for the answer to `reply`; `null` before the first one. */
export function answerForm(reply: Reply | null): AnswerForm {
  const kind = reply?.expects?.kind ?? null;
  if (kind === 'otp') {
    return { form: 'code' };
  }
  // A choice within the identity check is a consent or another way in: the buttons stand for themselves.
  if (reply?.status === 'verify' && kind !== 'choice') {
    return { form: 'identity' };
  }
  switch (kind) {
    case 'card':
      return { form: 'card' };
    case 'date':
    case 'month':
    case 'money':
    case 'years':
    case 'phone':
    case 'case-number':
    case 'id-number':
      return { form: 'pad', kind };
    case 'text':
    case 'name':
    case 'choice':
    case null:
      return { form: 'text' };
  }
}
