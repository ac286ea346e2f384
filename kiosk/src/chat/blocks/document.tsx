import type { JSX } from 'preact';
import { words } from '../../i18n/words';
import { Icon } from '../../ui/icons';
import { grouped } from '../groups';
import type { DocumentBlock } from '../reply';

/** A paper with its check code, in groups that can be read out. The address is words: a terminal leads nowhere else. */
export function Document({ title, code, url }: DocumentBlock): JSX.Element {
  return (
    <div class="document">
      <Icon name="document" />
      <div>
        <p class="document__title">{title}</p>
        <dl class="document__check">
          <dt>{words.block.checkCode}</dt>
          <dd class="document__code">
            {grouped(code).map((group, n) => (
              <span key={n}>{group}</span>
            ))}
          </dd>
          <dt>{words.block.checkAt}</dt>
          <dd class="document__url">{url}</dd>
        </dl>
      </div>
    </div>
  );
}
