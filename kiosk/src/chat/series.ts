/** How a series is plotted. */

import type { Point } from './reply';

/** For each point, the length of its bar in per cent of the longest; nothing below zero is drawn. */
export function barLengths(points: readonly Point[]): number[] {
  const most = Math.max(0, ...points.map((point) => point.value));
  return points.map((point) => (most === 0 ? 0 : (Math.max(0, point.value) / most) * 100));
}

/** `1234.5` as `1,234.5`. */
export function figure(value: number): string {
  return value.toLocaleString('zh-CN', { maximumFractionDigits: 2 });
}
