/** Sources as one line of small print each. */

import type { Source } from './reply';

/** `《社会保险经办条例》（国务院令第765号）第六条，2023年12月1日起施行` */
export function sourceLine(source: Source): string {
  const number = source.number === undefined ? '' : `（${source.number}）`;
  const inForce = source.in_force === undefined ? '' : `，${dayInWords(source.in_force)}起施行`;
  const asOf = source.as_of === undefined ? '' : `，数据截至${dayInWords(source.as_of)}`;
  const copied = source.copied_at === undefined ? '' : '，是先前存下的';
  return `${source.title}${number}${source.article ?? ''}${inForce}${asOf}${copied}`;
}

/** `2023-12-01` as `2023年12月1日`; what is no such date stays as it is. */
export function dayInWords(date: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(date) ?? [];
  return year === undefined ? date : `${year}年${Number(month)}月${Number(day)}日`;
}
