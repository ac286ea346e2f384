/** Citizen identity numbers, GB 11643: where a typed number is wrong. */

export type IdNumberProblem = 'length' | 'date' | 'check';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_DIGITS = '10X98765432';

/** What is wrong with `number` on the day `today`, or `null`. Area codes are not looked at: they change. */
export function idNumberProblem(number: string, today: Date): IdNumberProblem | null {
  if (!/^\d{17}[\dX]$/u.test(number)) {
    return 'length';
  }
  const born = calendarDay(number.slice(6, 14));
  if (born === null || born > today || born.getUTCFullYear() < 1900) {
    return 'date';
  }
  const sum = WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(number[place]), 0);
  return CHECK_DIGITS[sum % 11] === number[17] ? null : 'check';
}

/** The day that `YYYYMMDD` names, at midnight UTC, or `null` when the calendar has no such day. */
export function calendarDay(digits: string): Date | null {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/u.exec(digits) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // The constructor carries 30 February over to March.
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day) ? date : null;
}
