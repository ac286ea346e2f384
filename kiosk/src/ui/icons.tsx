/** Line drawings of 24 by 24, in the colour of the text beside them. They never stand alone: words say the same. */

import type { JSX } from 'preact';

const DRAWINGS = {
  // Header and footer
  text: 'M3 19 8.5 5h1L15 19M5 14h8M15.5 19l3-8h.5l3 8M16.6 16.2h4.3',
  contrast: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18v18M12 7h5.5M12 12h8.5M12 17h5.5',
  home: 'M3.5 11 12 4l8.5 7M6 9.5V20h12V9.5M10 20v-6h4v6',
  end: 'M14 4H5v16h9M10 12h11m-4-4 4 4-4 4',
  help: 'M4 14v-2a8 8 0 0 1 16 0v2M4 13.5h2.5v5H5a1 1 0 0 1-1-1zm16 0h-2.5v5H19a1 1 0 0 0 1-1zm0 4c0 2-1.5 3-4 3h-2.5',
  // The six matters
  pension: 'M3 12a9 9 0 0 1 18 0zM12 3V1.8M12 12v7a2.2 2.2 0 0 1-4.4 0',
  medical: 'M12 20.5C6 16 3 12.7 3 9a4.6 4.6 0 0 1 9-1.5A4.6 4.6 0 0 1 21 9c0 3.7-3 7-9 11.5M12 9.5v5M9.5 12h5',
  unemployment: 'M3 8h18v12H3zM9 8V4.5h6V8M3 13c5 2.2 13 2.2 18 0M12 13.5v1.5',
  card: 'M2.5 5h19v14h-19zM2.5 9.5h19M6 15h4M15.5 13.5h3v2.5h-3z',
  calendar: 'M3.5 5.5h17V20h-17zM3.5 10h17M8 3v4M16 3v4M8.5 15l2.5 2.5 4.5-5',
  progress: 'M5 4h14v16H5zM8.5 9h1M8.5 12.5h1M8.5 16h1M12 9h4M12 12.5h4M12 16h4',
  // Within answers and forms
  send: 'M4 12h15m-6-6.5 6.5 6.5-6.5 6.5',
  erase: 'M9 5h12v14H9L2.5 12zM12.5 9.5l5 5m0-5-5 5',
  up: 'M5 15.5 12 8.5l7 7',
  down: 'M5 8.5l7 7 7-7',
  left: 'M15.5 5l-7 7 7 7',
  right: 'M8.5 5l7 7-7 7',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5.5M12 7.3v.7',
  warning: 'M12 3.5 22 20.5H2zM12 10v5M12 17.3v.7',
  document: 'M6 2.5h8.5L19 7v14.5H6zM14 2.5V7.5h5M9 12h7M9 15.5h7',
  lock: 'M5.5 10.5h13V20.5h-13zM8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2',
  done: 'M5 12.5l5 5 9.5-10.5',
} as const;

export type IconName = keyof typeof DRAWINGS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={DRAWINGS[name]} />
    </svg>
  );
}
