/** A digit pad with its entry above: big keys, and nothing of a personal number in the page but its last characters. */

import type { Signal } from '@preact/signals';
import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useId } from 'preact/hooks';
import { words } from '../i18n/words';
import { Icon } from '../ui/icons';
import { typed, type PadRules } from './pad';

interface Props {
  readonly label: string;
  readonly rules: PadRules;
  /** What was typed. It stays out of the document. */
  readonly entry: Signal<string>;
  readonly onConfirm: () => void;
  readonly confirm: string;
}

export function DigitPad({ label, rules, entry, onConfirm, confirm }: Props): JSX.Element {
  const id = useId();
  const type = (key: string) => (entry.value = typed(rules, entry.value, key));
  const erase = () => (entry.value = entry.value.slice(0, -1));

  // A keypad with real keys does the same; Enter on a button is that button's own.
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Backspace') {
      erase();
    } else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) {
      onConfirm();
    } else if (event.key.length === 1) {
      type(event.key.toUpperCase());
    }
  };

  return (
    <div class="pad" onKeyDown={onKeyDown}>
      <div class="field">
        <span class="field__label" id={`${id}-label`}>
          {label}
        </span>
        <div class="pad__entry" role="textbox" tabIndex={0} aria-labelledby={`${id}-label`} aria-describedby={`${id}-count`}>
          {rules.groups(entry.value).map((group, n) => (
            <span key={n}>
              {Array.from(group, (sign, place) => (
                <span class={/[\dX.•]/u.test(sign) ? 'pad__cell' : undefined} key={place}>
                  {sign}
                </span>
              ))}
            </span>
          ))}
          <span class="pad__caret" aria-hidden="true" />
        </div>
        <span class="visually-hidden" id={`${id}-count`}>
          {words.input.entered(entry.value.length)}
        </span>
      </div>
      <div class="pad__keys" role="group" aria-label={words.input.pad}>
        {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
          <Key key={digit} name={digit} onTap={type} />
        ))}
        {rules.extra === undefined ? (
          <span />
        ) : (
          <Key name={rules.extra} onTap={type} disabled={typed(rules, entry.value, rules.extra) === entry.value} />
        )}
        <Key name="0" onTap={type} />
        <button type="button" class="button pad__key" aria-label={words.input.erase} onClick={erase}>
          <Icon name="erase" />
        </button>
      </div>
      <div class="pad__actions">
        <button type="button" class="button" onClick={() => (entry.value = '')}>
          {words.input.clear}
        </button>
        <button type="button" class="button button--primary" onClick={onConfirm}>
          {confirm}
        </button>
      </div>
    </div>
  );
}

function Key({ name, onTap, disabled = false }: { name: string; onTap: (key: string) => void; disabled?: boolean }): JSX.Element {
  return (
    <button type="button" class="button pad__key" disabled={disabled} onClick={() => onTap(name)}>
      {name}
    </button>
  );
}
