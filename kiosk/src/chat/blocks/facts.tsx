import type { JSX } from 'preact';
import type { FactsBlock } from '../reply';

/** Labelled values; the first is what was asked for, and is shown big. */
export function Facts({ items }: FactsBlock): JSX.Element {
  return (
    <dl class="facts">
      {items.map((fact, n) => (
        <div class={n === 0 ? 'facts__item facts__item--first' : 'facts__item'} key={n}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
