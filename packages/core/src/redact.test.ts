import { redact, redactURL } from './redact.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJNQVJLRVIifQ.c2lnbmF0dXJl';

describe('redact', () => {
  const ROWS = [
    ['RFC 7519 JWT', `got ${JWT} back`, 'got [redacted] back'],
    ['RFC 7519 JWT cut short', 'eyJhbGciOiJIUzI1NiJ9', '[redacted]'],
    ['RFC 7516 JWE, five parts', 'eyJhbGciOiJSU0Et.a.b.c.d!', '[redacted]!'],
    ['RFC 6750 2.1', `Authorization: Bearer ${JWT}`, 'Authorization: [redacted]'],
    ['RFC 6750 2.1 without the name', 'sent bearer abc.def-123~+/=', 'sent bearer [redacted]'],
    ['RFC 7617', 'Basic YWRtaW46TUFSS0VS', 'Basic [redacted]'],
    [
      'RFC 7617 in a header list',
      '"authorization": "Basic YWRtaW46TUFSS0VS"',
      '"authorization: [redacted]',
    ],
    ['RFC 6265', 'Cookie: session=MARKER; other=MARKER', 'Cookie: [redacted]'],
    ['RFC 3986 3.2.1', 'http://admin:MARKER@h/x', 'http://[redacted]@h/x'],
    [
      'RFC 6749 4.1.2 code',
      'http://h/callback?code=MARKER&state=MARKER',
      'http://h/callback?code=[redacted]&state=[redacted]',
    ],
    [
      'RFC 6749 4.2.2 fragment',
      'http://h/#access_token=MARKER&token_type=Bearer',
      'http://h/#access_token=[redacted]&token_type=[redacted]',
    ],
    [
      'RFC 6749 4.4.2 form',
      'grant_type=client_credentials&client_secret=MARKER',
      'grant_type=client_credentials&client_secret=[redacted]',
    ],
    [
      'RFC 6749 5.1 JSON',
      '{"access_token":"MARKER\\"MARKER","expires_in":1}',
      '{"access_token":"[redacted]","expires_in":1}',
    ],
    ['RFC 6749 5.1 JSON cut', '{"refresh_token": "MARK', '{"refresh_token": "[redacted]"'],
    [
      'share link',
      '/viewer?StudyInstanceUIDs=1.2.3&token=MARKER',
      '/viewer?StudyInstanceUIDs=[redacted]&token=[redacted]',
    ],
    [
      'search with a patient',
      'GET /studies?PatientName=MARKER^A&limit=5 failed',
      'GET /studies?PatientName=[redacted]&limit=[redacted] failed',
    ],
    [
      'search with a quoted patient in an address',
      'GET "http://h/studies?00100020=MARKER"',
      'GET "http://h/studies?00100020=[redacted]"',
    ],
    ['an encoded value', '/a?PatientName=M%20ARKER%26x', '/a?PatientName=[redacted]'],
    [
      'plain words stay',
      'Is the basic question answered? Yes: error code 45070.',
      'Is the basic question answered? Yes: error code 45070.',
    ],
    [
      'a path stays',
      'POST https://h/v2/studies: 409 Conflict',
      'POST https://h/v2/studies: 409 Conflict',
    ],
  ] as const;
  it.each(ROWS)('%s', (_cite, text, expected) => {
    expect(redact(text)).toBe(expected);
    expect(redact(text)).not.toContain('MARK');
    expect(redact(redact(text))).toBe(redact(text));
  });
});

describe('redactURL', () => {
  const ROWS = [
    [
      'query and fragment',
      'https://h:1/v2/studies?PatientID=MARKER#MARKER',
      'https://h:1/v2/studies',
    ],
    ['user and password', 'https://u:MARKER@h/v2', 'https://h/v2'],
    ['relative', '/dicom-web/studies?x=MARKER', '/dicom-web/studies'],
    ['relative, two lines', '/a?x=MARKER\nMARKER', '/a'],
    ['no origin', 'data:text/plain,MARKER', 'data:[redacted]'],
    ['access token in the path', `https://h/${JWT}/x`, 'https://h/[redacted]/x'],
  ] as const;
  it.each(ROWS)('%s', (_cite, url, expected) => {
    expect(redactURL(url)).toBe(expected);
  });
  it('takes a URL object', () => {
    expect(redactURL(new URL('https://h/x?y=z'))).toBe('https://h/x');
  });
});
