import type { JSX } from 'preact';
import type { FactsBlock } from '../reply';

/** Characters of a value that is a figure and no sentence. */
const FIGURE = 16;

/** Labelled values; the first is what was asked for, and a figure there is shown big. */
export function Facts({ items }: FactsBlock): JSX.Element {
  return (
    <dl class="facts">
      {items.map((fact, n) => (
        <div class={n === 0 ? 'facts__item facts__item--first' : 'facts__item'} key={n}>
          <dt>{fact.label}</dt>
          <dd class={n === 0 && fact.value.length <= FIGURE ? 'facts__figure' : undefined}>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
