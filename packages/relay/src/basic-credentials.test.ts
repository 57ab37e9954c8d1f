import { basicCredentialsCheck } from './basic-credentials.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('basicCredentialsCheck', () => {
  const isCaller = basicCredentialsCheck({ username: 'relay', password: 's3:crét' });

  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, header: string | undefined, isCaller: boolean])[] = [
    ['RFC 7617 2: the password may hold ":"', basic('relay:s3:crét'), true],
    ['RFC 9110 11.1: the scheme in any case', basic('relay:s3:crét').replace('Basic', 'bASIC'), true],
    ['RFC 7617 2.1: UTF-8, not Latin-1', `Basic ${Buffer.from('relay:s3:crét', 'latin1').toString('base64')}`, false],
    ['no header', undefined, false],
    ['empty', '', false],
    ['no credentials', 'Basic ', false],
    ['another password', basic('relay:s3:cret'), false],
    ['a longer password', basic('relay:s3:crét '), false],
    ['no password', basic('relay'), false],
    ['another user', basic('Relay:s3:crét'), false],
    ['another scheme', basic('relay:s3:crét').replace('Basic', 'Bearer'), false],
    ['not Base64', 'Basic relay:s3:crét', false],
    ['two of them', `${basic('relay:s3:crét')}, ${basic('x:y')}`, false],
  ];
  it.each(ROWS)('%s', (_cite, header, expected) => {
    expect(isCaller(header)).toBe(expected);
  });
});
