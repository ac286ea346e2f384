import { expect, test } from 'vitest';
import { calendarDay, idNumberProblem } from '../../src/input/id-number';

const today = new Date('2026-11-24T00:00:00Z');

// Of the area code 441399, which was never assigned.
test.each(['441399196501010177', '441399196802290117', '44139920000229002X', '441399202611010010', '441399194909102797'])('%s holds', (number) => {
  expect(idNumberProblem(number, today)).toBeNull();
});

test.each([
  ['', 'length'],
  ['44139919650101017', 'length'],
  ['4413991965010101771', 'length'],
  ['44139X196501010177', 'length'],
  ['44139919650101017Y', 'length'],
  ['44139920000229002x', 'length'],
  ['441399199902300013', 'date'],
  ['441399199913010011', 'date'],
  ['441399199900010012', 'date'],
  ['441399190102290012', 'date'],
  ['441399209912310019', 'date'],
  ['000000000000000000', 'date'],
  ['123456789012345678', 'date'],
  ['441399196051010177', 'date'],
  ['441399196501010170', 'check'],
  ['441399196501010187', 'check'],
])('%s is wrong in its %s', (number, problem) => {
  expect(idNumberProblem(number, today)).toBe(problem);
});

test.each(['20240229', '20000229', '19681231'])('%s is a day', (digits) => {
  expect(calendarDay(digits)).not.toBeNull();
});

test.each(['20230229', '19000229', '20260431', '20261301', '2026', ''])('%s is no day', (digits) => {
  expect(calendarDay(digits)).toBeNull();
});
