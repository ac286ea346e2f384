import type { JSX } from 'preact';
import { words } from '../../i18n/words';
import { outline, type Entry } from '../outline';
import type { StepsBlock } from '../reply';
import { BlockTitle } from './title';

/** A flow chart as a numbered list; a decision lists its answers and where each leads. */
export function Steps({ title, nodes, edges }: StepsBlock): JSX.Element {
  return (
    <div class="steps">
      <BlockTitle text={title} />
      <ol class="steps__list">
        {outline(nodes, edges).map((entry) => (
          <Step key={entry.node.id} entry={entry} />
        ))}
      </ol>
    </div>
  );
}

function Step({ entry }: { entry: Entry }): JSX.Element {
  const { node, number, branches, then } = entry;
  const leadsOn = then === null && node.kind !== 'end';
  return (
    <li class={`step step--${node.kind} ${leadsOn ? 'step--leads-on' : ''}`}>
      <span class="step__mark" aria-hidden="true">
        {number}
      </span>
      <div class="step__body">
        <p class="step__text">
          {number === null ? (
            <span class="step__name">{node.kind === 'start' ? words.block.start : words.block.end}</span>
          ) : (
            <span class="visually-hidden">{words.block.step(number)}：</span>
          )}
          {node.text}
        </p>
        {branches.length > 0 && (
          <ul class="step__branches">
            {branches.map((branch, n) => (
              <li class="branch" key={n}>
                {branch.label !== '' && <span class="branch__label">{branch.label}</span>}
                <span>{branch.leads}</span>
              </li>
            ))}
          </ul>
        )}
        {then !== null && <p class="step__then">{then}</p>}
      </div>
    </li>
  );
}
