/** How one resident wants to see the page. Kept in memory: the next resident begins with the default. */

import { effect, signal } from '@preact/signals';

/** Text sizes in per cent; tokens.css has the same three. */
export const TEXT_SIZES = [100, 130, 200] as const;

export type TextSize = (typeof TEXT_SIZES)[number];

export const textSize = signal<TextSize>(100);
export const highContrast = signal(false);

/** The next larger size, and the smallest after the largest. */
export function nextTextSize(size: TextSize): TextSize {
  return TEXT_SIZES[(TEXT_SIZES.indexOf(size) + 1) % TEXT_SIZES.length] ?? 100;
}

/** Lets the style sheets see the preferences. */
export function applyPreferences(root: HTMLElement): void {
  effect(() => {
    root.dataset['text'] = String(textSize.value);
    root.dataset['theme'] = highContrast.value ? 'contrast' : 'normal';
  });
}
