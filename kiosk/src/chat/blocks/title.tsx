import type { JSX } from 'preact';

/** The heading of a block that has one. */
export function BlockTitle({ text }: { text: string | undefined }): JSX.Element | null {
  return text === undefined ? null : <h3 class="block__title">{text}</h3>;
}
