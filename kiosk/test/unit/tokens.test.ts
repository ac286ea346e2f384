/** The contrast of the colours that the style sheets put together: axe looks neither at borders nor at the focus. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const sheet = readFileSync(new URL('../../src/style/tokens.css', import.meta.url), 'utf8');

/** The colours of the first rule with this selector, by name. */
function colours(selector: string): Record<string, string> {
  const rule = sheet.slice(sheet.indexOf(`${selector} {`));
  const found = rule.slice(0, rule.indexOf('\n}')).matchAll(/--([\w-]+): (#[\da-f]{6});/gu);
  return Object.fromEntries(Array.from(found, ([, name, value]) => [name, value]));
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((place) => {
    const part = Number.parseInt(colour.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = [
  ['ink', 'paper'],
  ['ink', 'surface'],
  ['ink-soft', 'paper'],
  ['ink-soft', 'surface'],
  ['ink-soft', 'tint'],
  ['brand', 'surface'],
  ['on-brand', 'brand'],
  ['on-tint', 'tint'],
  ['warn', 'warn-tint'],
] as const;

const LINES = [
  ['line', 'paper'],
  ['line', 'surface'],
  ['brand', 'tint'],
  ['brand', 'paper'],
  ['warn', 'paper'],
] as const;

const normal = colours(':root');
const themes = { normal, contrast: { ...normal, ...colours(":root[data-theme='contrast']") } };

describe.each(Object.entries(themes))('%s theme', (_, theme) => {
  const ratio = (one: string, other: string) => contrast(theme[one] ?? '', theme[other] ?? '');

  test.each(TEXT)('%s on %s is at least 7:1', (text, ground) => {
    expect(ratio(text, ground)).toBeGreaterThanOrEqual(7);
  });

  test.each(LINES)('%s against %s is at least 3:1', (line, ground) => {
    expect(ratio(line, ground)).toBeGreaterThanOrEqual(3);
  });

  test.each(['paper', 'surface', 'tint', 'brand'])('one tone of the focus ring stands out from %s', (ground) => {
    expect(Math.max(ratio('focus-inner', ground), ratio('focus-outer', ground))).toBeGreaterThanOrEqual(3);
    expect(ratio('focus-inner', 'focus-outer')).toBeGreaterThanOrEqual(3);
  });
});
