import { describe, expect, test } from 'vitest';
import { padRules, typed, type PadKind } from '../../src/input/pad';

const today = new Date('2026-11-24T00:00:00Z');

/** The entry after these keys. */
function enter(kind: PadKind, keys: string): string {
  return Array.from(keys).reduce((entry, key) => typed(padRules[kind], entry, key), '');
}

test.each([
  ['id-number', '44139920000229002X', '44139920000229002X'],
  ['id-number', '4413X', '4413'],
  ['id-number', '4413992000022900215', '441399200002290021'],
  ['otp', '1234567', '123456'],
  ['otp', '12X4', '124'],
  ['phone', '138001380001', '13800138000'],
  ['date', '196803051', '19680305'],
  ['month', '1968031', '196803'],
  ['money', '8500.255', '8500.25'],
  ['money', '007', '0'],
  ['years', '12年6', '12年6'],
  ['years', '年12年12', '12年1'],
  ['case-number', '202611030000123', '202611030000123'],
] as const)('%s: the keys %s give %s', (kind, keys, entry) => {
  expect(enter(kind, keys)).toBe(entry);
});

test.each([
  ['date', '19680305', '1968年3月5日'],
  ['month', '196812', '1968年12月'],
  ['money', '8500', '8500元'],
  ['money', '8500.', '8500元'],
  ['years', '12', '12年'],
  ['years', '12年', '12年'],
  ['years', '12年6', '12年6个月'],
  ['phone', '13800138000', '13800138000'],
] as const)('%s: %s is sent as %s', (kind, entry, text) => {
  expect(padRules[kind].problem(entry, today)).toBeNull();
  expect(padRules[kind].text(entry)).toBe(text);
});

test.each([
  ['date', '20230229'],
  ['date', '1968'],
  ['month', '196813'],
  ['month', '1968'],
  ['money', ''],
  ['phone', '12800138000'],
  ['phone', '1380013800'],
  ['otp', '12345'],
  ['case-number', ''],
] as const)('%s: %s is sent back with words', (kind, entry) => {
  expect(padRules[kind].problem(entry, today)).toMatch(/\p{Script=Han}/u);
});

describe('an identity number on the pad', () => {
  const { groups, problem } = padRules['id-number'];

  test('shows its last four characters only, in groups of 6, 8 and 4', () => {
    expect(groups('441399196501010177')).toEqual(['••••••', '••••••••', '0177']);
    expect(groups('4413')).toEqual(['4413']);
    expect(groups('44139919')).toEqual(['••••99', '19']);
    expect(groups('')).toEqual([]);
  });

  test('says which part is wrong', () => {
    expect(problem('4413', today)).toContain('18 位');
    expect(problem('441399199913010011', today)).toContain('出生日期');
    expect(problem('441399196501010170', today)).toContain('一位不对');
    expect(problem('441399196501010177', today)).toBeNull();
  });
});
