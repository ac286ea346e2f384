/** How a table is laid out. */

/** A figure, with a sign, a currency sign, a unit or per cent; a dash stands for none. */
const FIGURE = /^(?:[-−+]?[¥￥]?\d[\d,]*(?:\.\d+)?\s?(?:元|%|％|个月|年|天|次)?|[-—–]+)$/u;

/** For each column, whether it holds nothing but figures: those stand flush right. */
export function figureColumns(columns: readonly string[], rows: readonly (readonly string[])[]): boolean[] {
  return columns.map((_, column) => {
    const cells = rows.map((row) => row[column] ?? '').filter((cell) => cell !== '');
    return cells.length > 0 && cells.every((cell) => FIGURE.test(cell)) && cells.some((cell) => /\d/u.test(cell));
  });
}
