import type { JSX } from 'preact';
import { words } from '../../i18n/words';
import { Icon } from '../../ui/icons';
import type { NoticeBlock } from '../reply';

/** Something to mind; how much is said by a word and a drawing, not by colour alone. */
export function Notice({ level, text }: NoticeBlock): JSX.Element {
  return (
    <div class={`notice notice--${level}`}>
      <Icon name={level} />
      <p>
        <strong class="notice__level">{words.block[level]}</strong>
        {text}
      </p>
    </div>
  );
}
