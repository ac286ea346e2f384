import type { JSX } from 'preact';
import type { ListBlock } from '../reply';
import { BlockTitle } from './title';

export function List({ title, items }: ListBlock): JSX.Element {
  return (
    <div class="list">
      <BlockTitle text={title} />
      <ul>
        {items.map((item, n) => (
          <li key={n}>{item}</li>
        ))}
      </ul>
    </div>
  );
}
