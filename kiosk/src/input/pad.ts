/** What can be typed on the digit pad, kind by kind: which keys, how it looks, what is sent. */

import { words } from '../i18n/words';
import { calendarDay, idNumberProblem } from './id-number';

export type PadKind = 'date' | 'month' | 'money' | 'years' | 'phone' | 'case-number' | 'id-number' | 'otp';

/** The key beside the zero. */
export type ExtraKey = 'X' | '.' | '年';

export interface PadRules {
  readonly extra?: ExtraKey;
  /** What `entry` may grow into by one key. */
  readonly accepts: RegExp;
  /** The entry in groups, as it is shown. Personal numbers show their last four characters only. */
  groups(entry: string): readonly string[];
  /** What is wrong with the entry, in words, or `null`. */
  problem(entry: string, today: Date): string | null;
  /** What is sent: the words a resident would use. */
  text(entry: string): string;
}

const plain = (entry: string) => entry;

export const padRules: Record<PadKind, PadRules> = {
  'id-number': {
    extra: 'X',
    accepts: /^(?:\d{0,17}|\d{17}[\dX])$/u,
    groups: (entry) => grouped(masked(entry), [6, 8, 4]),
    problem: (entry, today) => {
      switch (idNumberProblem(entry, today)) {
        case 'length':
          return words.problem.idLength;
        case 'date':
          return words.problem.idDate;
        case 'check':
          return words.problem.idCheck;
        case null:
          return null;
      }
    },
    text: plain,
  },
  otp: {
    accepts: /^\d{0,6}$/u,
    groups: (entry) => grouped(entry, [3, 3]),
    problem: (entry) => (entry.length === 6 ? null : words.problem.code),
    text: plain,
  },
  phone: {
    accepts: /^\d{0,11}$/u,
    groups: (entry) => grouped(entry, [3, 4, 4]),
    problem: (entry) => (/^1[3-9]\d{9}$/u.test(entry) ? null : words.problem.phone),
    text: plain,
  },
  'case-number': {
    accepts: /^\d{0,20}$/u,
    groups: (entry) => grouped(entry, [8, 6, 6]),
    problem: required,
    text: plain,
  },
  date: {
    accepts: /^\d{0,8}$/u,
    groups: (entry) => dateParts(entry),
    problem: (entry) => (calendarDay(entry) === null ? words.problem.date : null),
    text: (entry) => `${entry.slice(0, 4)}年${Number(entry.slice(4, 6))}月${Number(entry.slice(6, 8))}日`,
  },
  month: {
    accepts: /^\d{0,6}$/u,
    groups: (entry) => dateParts(entry),
    problem: (entry) => (calendarDay(`${entry}01`) === null ? words.problem.month : null),
    text: (entry) => `${entry.slice(0, 4)}年${Number(entry.slice(4, 6))}月`,
  },
  money: {
    extra: '.',
    accepts: /^(?:|(?:0|[1-9]\d{0,8})(?:\.\d{0,2})?)$/u,
    groups: (entry) => (entry === '' ? [] : [`${entry} 元`]),
    problem: required,
    text: (entry) => `${entry.replace(/\.$/u, '')}元`,
  },
  years: {
    extra: '年',
    accepts: /^(?:\d{0,2}|\d{1,2}年(?:\d|1[01])?)$/u,
    groups: (entry) => (entry === '' ? [] : [lengthInWords(entry)]),
    problem: required,
    text: lengthInWords,
  },
};

/** `entry` after `key`, which is unchanged where the key does not fit. */
export function typed(rules: PadRules, entry: string, key: string): string {
  return rules.accepts.test(entry + key) ? entry + key : entry;
}

function required(entry: string): string | null {
  return entry === '' ? words.input.empty : null;
}

/** All but the last four characters as dots. */
function masked(entry: string): string {
  const hidden = Math.max(0, entry.length - 4);
  return '•'.repeat(hidden) + entry.slice(hidden);
}

function grouped(entry: string, sizes: readonly number[]): string[] {
  let place = 0;
  return sizes.map((size) => entry.slice(place, (place += size))).filter((group) => group !== '');
}

function dateParts(entry: string): string[] {
  const units = ['年', '月', '日'];
  const sizes = [4, 2, 2];
  return grouped(entry, sizes).map((part, n) => (part.length === sizes[n] ? part + units[n] : part));
}

/** `12` and `12年` as twelve years, `12年6` as twelve and a half. */
function lengthInWords(entry: string): string {
  const [years, months = ''] = entry.split('年');
  return months === '' ? `${years}年` : `${years}年${months}个月`;
}
