import type { JSX } from 'preact';
import type { SeriesBlock } from '../reply';
import { barLengths, figure } from '../series';
import { BlockTitle } from './title';

/** Numbers as bars, one below the other: label, bar, figure. The figures are words, so the bars need none. */
export function Series({ title, unit, points }: SeriesBlock): JSX.Element {
  const lengths = barLengths(points);
  return (
    <div class="series">
      <BlockTitle text={title} />
      <ul class="series__points">
        {points.map((point, n) => (
          <li class="series__point" key={n}>
            <span>{point.label}</span>
            <svg class="series__bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect class="series__track" width="100" height="10" />
              <rect class="series__value" width={lengths[n]} height="10" />
            </svg>
            <span class="series__figure">
              {figure(point.value)} {unit}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
