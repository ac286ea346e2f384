import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { TableBlock } from '../reply';
import { figureColumns } from '../table';

const STACKED = 'table--stacked';

/** Rows under headings. Where the columns have no room side by side, every row becomes a card. */
export function Table({ title, columns, rows }: TableBlock): JSX.Element {
  const figures = figureColumns(columns, rows);
  const kind = (column: number) => (figures[column] ? 'table__figure' : undefined);
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) {
      return;
    }
    const fit = () => {
      element.classList.remove(STACKED);
      element.classList.toggle(STACKED, element.scrollWidth > element.clientWidth);
    };
    // In the next frame, for the stacking itself changes the size that is observed.
    const observer = new ResizeObserver(() => requestAnimationFrame(fit));
    observer.observe(element);
    fit();
    return () => observer.disconnect();
  }, []);

  return (
    <div class="table" ref={box}>
      <table>
        {title !== undefined && <caption class="block__title">{title}</caption>}
        <thead>
          <tr>
            {columns.map((column, n) => (
              <th scope="col" class={kind(n)} key={n}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, n) => (
            <tr key={n}>
              {row.map((cell, column) => (
                <td class={kind(column)} data-label={columns[column]} key={column}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
