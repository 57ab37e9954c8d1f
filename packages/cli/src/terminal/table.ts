import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Terminal } from './terminal.ts';

/** A column of {@link formatTable}. */
export interface Column {
  readonly name: string;
  readonly align?: 'left' | 'right';
  /** Is never cut: it is there to be copied. At most one column; on a narrow terminal it gets a line of its own. */
  readonly isWhole?: boolean;
}

const GAP = 2;
const LEAST_WIDTH = 5;
const NO_LINES = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
    ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map(name => [name, ''])
);

/** Cuts by characters as people see them: no half of a surrogate pair, no accent without its letter. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Takes from the widest column, one by one, until the rest fits. */
function shrink(widths: number[], available: number): number[] {
  const result = [...widths];
  let total = result.reduce((sum, width) => sum + width, 0);
  while (total > available) {
    const widest = result.indexOf(Math.max(...result));
    if ((result[widest] ?? 0) <= LEAST_WIDTH) break;
    result[widest] = (result[widest] ?? 0) - 1;
    total -= 1;
  }
  return result;
}

/**
 * A table in plain lines that fits the terminal. Wide characters (Japanese, Chinese, Korean names) count as two. A column that is whole
 * keeps its place where there is room; else its values stand on a line of their own below each row.
 * @param rows - texts, fit for a terminal; one for each column.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { columns: width, colors }: Pick<Terminal, 'columns' | 'colors'>
): string {
  const natural = columns.map(({ name }, i) =>
    Math.max(stringWidth(name), ...rows.map(row => stringWidth(row[i] ?? '')))
  );
  const whole = columns.findIndex(({ isWhole }) => isWhole);
  const available = (width ?? Number.POSITIVE_INFINITY) - GAP * (columns.length - 1);
  const wholeWidth = natural[whole] ?? 0;
  const others = natural.filter((_, i) => i !== whole);
  const leastOfOthers = others.reduce((sum, one) => sum + Math.min(one, 12), 0);
  const isBelow = whole >= 0 && wholeWidth + leastOfOthers > available;

  const shown = columns.map((_, i) => i).filter(i => !(isBelow && i === whole));
  const room = isBelow || whole < 0 ? available : available - wholeWidth;
  const shrunk = shrink(
    shown.filter(i => i !== whole).map(i => natural[i] ?? 0),
    room
  );
  const widthOf = new Map(shown.filter(i => i !== whole).map((i, at) => [i, shrunk[at] ?? 0]));

  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
    colAligns: shown.map(i => columns[i]?.align ?? 'left'),
  });
  const cell = (i: number, text: string) => cut(text, widthOf.get(i) ?? Number.POSITIVE_INFINITY);
  table.push(shown.map(i => colors.bold(cell(i, columns[i]?.name ?? ''))));
  for (const row of rows) table.push(shown.map(i => cell(i, row[i] ?? '')));
  const lines = table
    .toString()
    .split('\n')
    .map(line => line.trimEnd());
  if (!isBelow) return lines.join('\n');
  // Not a cell that spans all: it would widen the columns.
  return lines
    .flatMap((line, at) =>
      at === 0 ? [line] : [line, colors.dim(`  ${rows[at - 1]?.[whole] ?? ''}`)]
    )
    .join('\n');
}
