import { callerCheck } from './caller-check.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const KEY = '0123456789abcdef';

describe('callerCheck', () => {
  const isCaller = callerCheck({ username: 'orthanc', password: 'p:ä' });
  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, authorization: string | undefined, expected: boolean])[] = [
    ['RFC 7617 2: the password may have a colon', basic('orthanc:p:ä'), true],
    ['RFC 9110 11.1: the scheme is case-insensitive', basic('orthanc:p:ä').replace('Basic', 'bAsIc'), true],
    ['wrong password', basic('orthanc:p'), false],
    ['wrong user', basic('Orthanc:p:ä'), false],
    ['a prefix', basic('orthanc:p:ä '), false],
    ['no header', undefined, false],
    ['empty', '', false],
    ['another scheme', 'Bearer x', false],
    ['orthanc 2.1: the user passed its own Authorization on', 'Bearer eyJhbGciOi', false],
    ['no base64', 'Basic !!!', false],
  ];
  it.each(ROWS)('%s', (_cite, authorization, expected) => {
    expect(isCaller(authorization === undefined ? {} : { authorization })).toBe(expected);
  });

  // prettier-ignore
  const KEYS: readonly (readonly [cite: string, headers: Record<string, string>, expected: boolean])[] = [
    ['orthanc 2.8: a key in the server entry', { 'x-relay-key': KEY }, true],
    ['beside an Authorization of the user', { 'x-relay-key': KEY, authorization: 'Bearer x' }, true],
    ['wrong', { 'x-relay-key': `${KEY}x` }, false],
    ['in another header', { 'x-api-key': KEY }, false],
    ['none', {}, false],
    ['a user name, where none is set', { authorization: basic(':') }, false],
    ['what stands for nothing', { authorization: basic('\0') }, false],
  ];
  it.each(KEYS)('key: %s', (_cite, headers, expected) => {
    expect(callerCheck({ key: KEY, keyHeader: 'x-relay-key' })(headers)).toBe(expected);
  });

  it('takes either where both are set', () => {
    const either = callerCheck({ username: 'u', password: 'p', key: KEY });
    expect(either({ authorization: basic('u:p') })).toBe(true);
    expect(either({ 'x-api-key': KEY })).toBe(true);
    expect(either({ authorization: basic('u:x'), 'x-api-key': 'x' })).toBe(false);
  });
});
