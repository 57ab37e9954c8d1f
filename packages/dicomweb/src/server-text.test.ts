import { MAX_SERVER_TEXT, serverText, withoutValues } from './server-text.ts';

const read = (text: string): string | undefined => serverText(new TextEncoder().encode(text));

describe('withoutValues', () => {
  const AZURE = 'Azure v2 text';
  const ROWS = [
    [
      AZURE,
      `DICOM100: (0008,0020) - Content "MARKER" does not validate VR DA: no match`,
      'DICOM100: (0008,0020) - Content [redacted] does not validate VR DA: no match',
    ],
    [
      AZURE,
      "DICOM100: (0010,0020) - Dicom element 'PatientID' failed validation for VR 'LO': Value contains invalid character.",
      "DICOM100: (0010,0020) - Dicom element 'PatientID' failed validation for VR 'LO': Value contains invalid character.",
    ],
    [
      AZURE,
      "DICOM100: (0010,0020) - The required tag '(0010,0020)' is missing.",
      "DICOM100: (0010,0020) - The required tag '(0010,0020)' is missing.",
    ],
    [
      AZURE,
      "Invalid query: specified Date value 'MARKER' is invalid for attribute 'StudyDate'.",
      "Invalid query: specified Date value [redacted] is invalid for attribute 'StudyDate'.",
    ],
    [
      AZURE,
      "Invalid query: specified tag 'PatientName' value 'MARKER' contains unsupported character",
      "Invalid query: specified tag 'PatientName' value [redacted] contains unsupported character",
    ],
    [
      AZURE,
      "Invalid query: unknown query parameter 'foo'.",
      "Invalid query: unknown query parameter 'foo'.",
    ],
    [
      AZURE,
      "The query parameter 'Limit' is invalid. The value 'MARKER' is not valid for Limit.",
      "The query parameter 'Limit' is invalid. The value [redacted] is not valid for Limit.",
    ],
    ['a quote that does not end', 'Content "MARKER', 'Content [redacted]'],
    [
      'an access token',
      'Bearer eyJhbGciOiJIUzI1NiJ9.e30.MARKER refused',
      'Bearer [redacted] refused',
    ],
    ['control characters cannot forge a line of a log', 'a\r\nb\u0007c\u001b[31m', 'a b c [31m'],
  ] as const;
  it.each(ROWS)('%s: %s', (_cite, text, expected) => {
    expect(withoutValues(text)).toBe(expected);
  });

  it('is cut to its length', () => {
    const text = withoutValues('x '.repeat(1000));
    expect(text).toHaveLength(MAX_SERVER_TEXT);
    expect(text).toMatch(/…$/);
  });
});

describe('serverText', () => {
  const ROWS = [
    ['Azure v2: plain text', 'Authorization failed.', 'Authorization failed.'],
    ['empty', '', undefined],
    ['blank', ' \n ', undefined],
    [
      'Orthanc: JSON',
      '{"HttpError":"Bad Request","Message":"Bad file format","Details":""}',
      'Bad file format',
    ],
    ['RFC 9457 problem', '{"type":"about:blank","title":"Too big","status":413}', 'Too big'],
    ['JSON without a text', '{"a":1}', undefined],
    ['JSON: a text alone', '"The \\"MARKER\\" is wrong"', 'The [redacted] is wrong'],
    ['hostile JSON', '{"__proto__":{"message":"MARKER"}}', undefined],
    ['JSON cut', '{"message":"MARKER', undefined],
    [
      'a gateway’s page',
      '<html><head><title>502 Bad Gateway</title></head><body>MARKER</body></html>',
      '502 Bad Gateway',
    ],
    ['a page without title', '<p>MARKER</p>', undefined],
    ['not UTF-8', '\ufffd\ufffd', '\ufffd\ufffd'],
  ] as const;
  it.each(ROWS)('%s', (_cite, body, expected) => {
    expect(read(body)).toBe(expected);
  });
});
