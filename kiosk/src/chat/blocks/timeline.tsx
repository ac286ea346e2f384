import type { JSX } from 'preact';
import { words } from '../../i18n/words';
import { Icon } from '../../ui/icons';
import type { TimelineBlock } from '../reply';

/** What happened and what comes; the state is said in words besides its mark. */
export function Timeline({ items }: TimelineBlock): JSX.Element {
  return (
    <ol class="timeline">
      {items.map((moment, n) => (
        <li class={`moment moment--${moment.state}`} key={n} aria-current={moment.state === 'now' ? 'step' : undefined}>
          <span class="moment__mark" aria-hidden="true">
            {moment.state === 'done' && <Icon name="done" />}
          </span>
          <div>
            <p class="moment__head">
              <span class="moment__state">{words.block[moment.state]}</span>
              {moment.date !== '' && <span>{moment.date}</span>}
            </p>
            <p class="moment__title">{moment.title}</p>
            {moment.note !== undefined && <p class="moment__note">{moment.note}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
