import { createColors } from 'picocolors';
import stringWidth from 'string-width';
import { formatTable, type Column } from './table.ts';

const colors = createColors(false);
const COLUMNS: Column[] = [
  { name: 'Patient' },
  { name: 'Instances', align: 'right' },
  { name: 'Study Instance UID', isWhole: true },
];
const UID = '2.25.107071767295408594454167744945741243165';
const LONG_UID = `1.2.${'3'.repeat(60)}`;

it('stands in one line where there is room', () => {
  const text = formatTable(COLUMNS, [['Doe, John', '64', UID]], { columns: 120, colors });
  expect(text.split('\n')).toEqual([
    'Patient    Instances  Study Instance UID',
    `Doe, John         64  ${UID}`,
  ]);
});

const WIDTHS: [columns: number, uid: string][] = [
  [200, UID],
  [80, UID],
  [80, LONG_UID],
  [66, LONG_UID],
];
const NAMES = [
  'Doe, John',
  '山田, 太郎',
  '홍, 길동',
  'Müller-Lüdenscheid, Hans-Joachim Maria von und zu',
  '👩‍⚕️ 👨‍👩‍👧‍👦 family',
  '',
];

it.each(WIDTHS)('in %i columns no line is longer, and the UID is whole', (columns, uid) => {
  const rows = NAMES.map(name => [name, '1', uid]);
  const text = formatTable(COLUMNS, rows, { columns, colors });
  for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  expect(text.split(uid)).toHaveLength(NAMES.length + 1);
});

it('cuts by characters as people see them, and says so', () => {
  const rows = [['山田山田山田山田山田山田山田山田', '1', LONG_UID]];
  const [, line = ''] = formatTable(COLUMNS, rows, { columns: 40, colors }).split('\n');
  expect(line).toMatch(/^山[山田]*…/);
  expect(stringWidth(line)).toBeLessThanOrEqual(40);
});

it('aligns columns behind wide characters', () => {
  const lines = formatTable(
    COLUMNS,
    [
      ['山田', '1', UID],
      ['Doe', '2', UID],
    ],
    { columns: 120, colors }
  ).split('\n');
  const at = lines.slice(1).map(line => stringWidth(line.slice(0, line.indexOf(UID))));
  expect(new Set(at).size).toBe(1);
});
