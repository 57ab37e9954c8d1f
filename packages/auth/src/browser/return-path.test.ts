import { safeReturnPath } from './return-path.ts';

describe('safeReturnPath', () => {
  const ORIGIN = 'https://viewer.example';
  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, path: unknown, expected: string])[] = [
    ['a path', '/viewer?StudyInstanceUIDs=1.2', '/viewer?StudyInstanceUIDs=1.2'],
    ['a fragment', '/viewer#x', '/viewer#x'],
    ['design.md 5: a share token', '/viewer?token=MARKER&a=b', '/viewer?a=b'],
    ['ohif-3.13.md B3: whatever the case', '/viewer?Token=MARKER&TOKEN=MARKER', '/viewer'],
    ['RFC 6749 4.2.2: an access token in the fragment', '/a#access_token=MARKER', '/a'],
    ['RFC 6749 4.1.2: an answer', '/callback?code=MARKER&state=MARKER', '/callback'],
    ['RFC 9700 4.11: another host', '//evil.example/x', '/'],
    ['RFC 9700 4.11: with backslashes', '/\\evil.example/x', '/'],
    ['RFC 9700 4.11: with a tab', '/\t/evil.example', '/'],
    ['RFC 9700 4.11: an absolute address', 'https://evil.example/', '/'],
    ['RFC 9700 4.11: slashes after dots', '/.//evil.example', '/evil.example'],
    ['script', 'javascript:alert(1)', '/'],
    ['nothing', undefined, '/'],
    ['a number', 5, '/'],
    ['empty', '', '/'],
  ];
  it.each(ROWS)('%s', (_cite, path, expected) => {
    expect(safeReturnPath(path, ORIGIN)).toBe(expected);
    expect(new URL(safeReturnPath(path, ORIGIN), ORIGIN).origin).toBe(ORIGIN);
  });
});
