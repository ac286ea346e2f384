import type { JSX } from 'preact';
import type { SumBlock } from '../reply';

/** A calculation: its lines, and under a rule what comes out. */
export function Sum({ lines, total }: SumBlock): JSX.Element {
  return (
    <dl class="sum">
      {lines.map((line, n) => (
        <div class="sum__line" key={n}>
          <dt>{line.label}</dt>
          <dd>{line.value}</dd>
        </div>
      ))}
      <div class="sum__line sum__line--total">
        <dt>{total.label}</dt>
        <dd>{total.value}</dd>
      </div>
    </dl>
  );
}
