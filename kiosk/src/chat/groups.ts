/** Codes in groups of four, for eyes and for reading out; a code that comes in groups keeps its own. */
export function grouped(code: string): string[] {
  const parts = code.split(/[\s-]+/u).filter((part) => part !== '');
  return parts.length > 1 ? parts : (code.match(/.{1,4}/gu) ?? []);
}
