import { readFileSync, writeFileSync } from 'node:fs';
import { FAULT_ROWS, type FaultRow, type State } from '../e2e/fault-rows.ts';
import { english } from '../../extensions/azure/src/texts/english.ts';

const FILE = new URL('../../docs/create-report.md', import.meta.url);

const IN_ARCHIVE: readonly State[] = ['saved', 'saved-with-warnings', 'already-saved'];
const NEXT: Record<NonNullable<FaultRow['next']>, string> = {
  retry: 'Try again stores it, once',
  'sign-in': 'Sign in stores it, once',
};

function lineOf({ what, states, next }: FaultRow): string {
  const [usual] = states;
  const isStored = IN_ARCHIVE.includes(usual);
  const names = states.map(state => `\`${state}\``).join(' or ');
  const cells = [
    what,
    names,
    english[`report.${usual}.title`],
    isStored ? 'yes' : 'no',
    isStored ? 'in the report' : 'kept in the viewer and as a draft',
    isStored ? 'the report' : 'nothing',
    next ? NEXT[next] : '',
  ];
  return `| ${cells.join(' | ')} |`;
}

const TABLE = [
  '| What happens | `data-state` | First line | In the archive | Measurements | Shown in the study | Then |',
  '| --- | --- | --- | --- | --- | --- | --- |',
  ...FAULT_ROWS.map(lineOf),
].join('\n');

const generated = (current: string) =>
  current.replace(
    /(<!-- table: faults -->\n)[^]*?(<!-- end -->)/,
    (_whole, start: string, end: string) => `${start}\n${TABLE}\n\n${end}`
  );

/** After a change of the rows: `UPDATE_DOCS=1 npm test -- test/conformance/fault-table-doc`. */
it('docs/create-report.md has the table that test/e2e/faults.test.ts runs', () => {
  const current = readFileSync(FILE, 'utf8');
  expect(current).toContain('<!-- table: faults -->');
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, generated(current));
  expect(readFileSync(FILE, 'utf8')).toBe(generated(current));
});
