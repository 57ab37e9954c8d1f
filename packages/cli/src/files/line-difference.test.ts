import { lineDifference } from './line-difference.ts';

it('is nothing for the same text', () => expect(lineDifference('a\n', 'a\n')).toEqual([]));

it('shows what changed with three lines around', () => {
  const before = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`).join('\n');
  expect(lineDifference(before, before.replace('line 10', 'LINE 10'))).toEqual([
    '@@ line 7 @@',
    ' line 7',
    ' line 8',
    ' line 9',
    '-line 10',
    '+LINE 10',
    ' line 11',
    ' line 12',
    ' line 13',
  ]);
});

it('shows a new file as added, and an emptied one as removed', () => {
  expect(lineDifference('', 'a\nb\n')).toEqual(['@@ line 1 @@', '+a', '+b']);
  expect(lineDifference('a\n', '')).toEqual(['@@ line 1 @@', '-a']);
});

it('does not compare very long texts line by line', () => {
  expect(lineDifference('a\n'.repeat(4000), 'b\n')).toEqual(['@@ 4000 lines become 1 @@']);
});
