import { jsonLine, safeText } from './safe-text.ts';

const ROWS: [what: string, text: string, safe: string][] = [
  ['an escape sequence that clears the screen', 'Doe\u001b[2J^John', 'Doe [2J^John'],
  ['its form of one byte (C1)', 'Doe\u009b2J', 'Doe 2J'],
  ['line breaks and NUL', 'a\r\nb\0', 'a b'],
  ['characters that turn the direction of writing', 'a\u202eb\u2066c', 'abc'],
  ['names as they are', '山田^太郎', '山田^太郎'],
];
it.each(ROWS)('%s', (_what, text, safe) => {
  expect(safeText(text)).toBe(safe);
});

it('JSON lines hold no control character at all, and say the same', () => {
  const value = { name: 'a\u001b\u007f\u009b\u2028b' };
  expect(jsonLine(value)).not.toMatch(/\p{Cc}|\u2028/u);
  expect(JSON.parse(jsonLine(value))).toEqual(value);
});
