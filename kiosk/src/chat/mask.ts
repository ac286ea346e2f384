/** Personal numbers on the screen: the ends are shown, the middle is not. */

/** Eighteen digits, the last may be X, with or without spaces or hyphens between; full-width forms too. */
const ID_NUMBER = /(?<![0-9０-９])(?:[0-9０-９][\s-]?){17}[0-9０-９XxＸｘ](?![0-9０-９])/gu;

/** Eleven digits that begin like a mainland mobile number. */
const PHONE = /(?<![0-9０-９])[1１][3-9３-９](?:[\s-]?[0-9０-９]){9}(?![0-9０-９])/gu;

/** `text` with three and four digits left of every identity number and mobile number in it. */
export function maskNumbers(text: string): string {
  return text.replace(ID_NUMBER, middle).replace(PHONE, middle);
}

function middle(number: string): string {
  const digits = number.replace(/[\s-]/gu, '');
  return digits.slice(0, 3) + '*'.repeat(digits.length - 7) + digits.slice(-4);
}
