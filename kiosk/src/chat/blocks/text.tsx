import type { JSX } from 'preact';
import type { TextBlock } from '../reply';

/** A paragraph for every line. */
export function Text({ text }: TextBlock): JSX.Element {
  const paragraphs = text.split('\n').filter((line) => line.trim() !== '');
  return (
    <div class="text">
      {paragraphs.map((paragraph, n) => (
        <p key={n}>{paragraph}</p>
      ))}
    </div>
  );
}
