import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { Table } from './support/row.ts';
import { TABLES } from './tables/all.ts';
import { DIFFERENCES } from './tables/differences.ts';

const FILE = fileURLToPath(new URL('../../docs/emulator.md', import.meta.url));

const cell = (text: string) =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll('\n', ' ')
    .replaceAll('*', '\\*');
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');

function matrix(): string {
  const rows = TABLES.map(({ name, rows }) => {
    const of = (...known: string[]) => String(rows.filter(row => known.includes(row.known)).length);
    return [
      name,
      String(rows.length),
      of('E2E', 'unit'),
      of('code', 'framework'),
      of('docs', 'standard'),
      of('inference', 'ours'),
    ];
  });
  const total = TABLES.reduce((sum, { rows }) => sum + rows.length, 0);
  const head = ['Section', 'Rows', 'Service’s tests', 'Its source', 'Documents', 'Inference, ours'];
  return `${table(head, rows)}\n\n${total} rows in all.`;
}

function behaviour({ name, rows }: Table): string {
  const lines = rows.map(row => [cell(row.title), String(row.status), cell(row.source), row.known]);
  return `### ${name}\n\n${table(['Request', 'Answer', 'Source', 'Known by'], lines)}`;
}

const PARTS: Readonly<Record<string, () => string>> = {
  support: matrix,
  differences: () =>
    table(
      ['Area', 'The service', 'The emulator', 'Source', 'Known by'],
      DIFFERENCES.map(one => [one.area, one.service, one.emulator, one.source, one.known])
    ),
  rows: () => TABLES.map(behaviour).join('\n\n'),
};

/** docs/emulator.md as the tables would have it. */
async function generated(current: string): Promise<string> {
  const text = current.replace(
    /(<!-- table: (\w+) -->\n)[^]*?(<!-- end -->)/g,
    (whole, start: string, name: string, end: string) =>
      PARTS[name] ? `${start}\n${PARTS[name]()}\n\n${end}` : whole
  );
  return format(text, { ...(await resolveConfig(FILE)), parser: 'markdown' });
}

/** After a change of a table: `UPDATE_DOCS=1 npm test -- test/conformance/emulator-doc`. */
it('docs/emulator.md has the tables of the conformance tests', async () => {
  const wanted = await generated(readFileSync(FILE, 'utf8'));
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, wanted);
  expect(readFileSync(FILE, 'utf8')).toBe(wanted);
});

it('there are more than 200 rows, and every difference names its source', () => {
  expect(TABLES.reduce((sum, { rows }) => sum + rows.length, 0)).toBeGreaterThan(200);
  for (const one of DIFFERENCES) expect(one.source).not.toBe('');
});
