import { PassThrough } from 'node:stream';
import { MAX_OPENING_BYTES, openingReaderFor, readOpening } from './store-body.ts';

const multipart = (boundary = 'b'): string => `multipart/related; boundary=${boundary}`;

describe('readOpening', () => {
  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, contentType: string, body: string, opening: string])[] = [
    ['orthanc 2.1: as Orthanc writes it', 'multipart/related; type="application/dicom"; boundary=b', '--b\r\nContent-Type: application/dicom\r\n\r\nx\r\n--b--', 'parts'],
    ['orthanc 2.5: resubmitted job', multipart(), '--b--', 'empty'],
    ['orthanc 2.5: with a line break', multipart(), '--b--\r\n', 'empty'],
    ['RFC 2046 5.1.1: preamble', multipart(), 'hello\r\n--b\r\nx', 'parts'],
    ['RFC 2046 5.1.1: preamble, no parts', multipart(), '\r\n--b--', 'empty'],
    ['RFC 2046 5.1.1: padding', multipart(), '--b \t\r\nx', 'parts'],
    ['RFC 2046 5.1.1: only at the start of a line', multipart(), 'x--b--\r\n--b\r\n', 'parts'],
    ['a boundary that another line begins with', multipart(), '--bc\r\n--b--', 'empty'],
    ['RFC 9110 5.6.6: quoted', 'Multipart/Related;boundary="a b";type=x', '--a b--', 'empty'],
    ['RFC 9110 5.6.6: quoted pairs', 'multipart/related; type="; boundary=z\\""; boundary="a\\b"', '--ab--', 'empty'],
    ['no bytes', multipart(), '', 'empty'],
    ['no delimiter', multipart(), 'hello', 'noDelimiter'],
    ['a cut delimiter', multipart(), '--b\r', 'noDelimiter'],
    ['no delimiter in a long body', multipart(), 'x'.repeat(MAX_OPENING_BYTES + 1), 'noDelimiter'],
    ['PS3.18 8.7.3: one part', 'application/dicom', 'x', 'parts'],
    ['PS3.18 8.7.3: none', 'application/dicom', '', 'empty'],
  ];
  it.each(ROWS)('%s', async (_cite, contentType, body, opening) => {
    const reader = openingReaderFor({ 'content-type': contentType });
    if (typeof reader === 'string') throw new Error(reader);
    const whole = new PassThrough();
    whole.end(body);
    await expect(readOpening(whole, reader)).resolves.toBe(opening);

    // The same, byte by byte; and what was looked at is put back.
    const bytewise = new PassThrough();
    const read = readOpening(bytewise, reader);
    for (const byte of Buffer.from(body)) bytewise.write(Buffer.of(byte));
    bytewise.end();
    await expect(read).resolves.toBe(opening);
    if (opening === 'parts') {
      let rest = '';
      for await (const chunk of bytewise) rest += String(chunk);
      expect(rest).toBe(body);
    }
  });

  it('fails when the body is cut', async () => {
    const reader = openingReaderFor({ 'content-type': multipart() });
    if (typeof reader === 'string') throw new Error(reader);
    const body = new PassThrough();
    const read = readOpening(body, reader);
    body.destroy();
    await expect(read).rejects.toThrow('cut');
    await expect(readOpening(body, reader)).rejects.toThrow('cut');
  });

  // prettier-ignore
  const REFUSED: readonly (readonly [cite: string, headers: Record<string, string>])[] = [
    ['azure-dicom-service 1.1: no type', {}],
    ['azure-dicom-service 1.1: multipart/form-data', { 'content-type': 'multipart/form-data; boundary=b' }],
    ['azure-dicom-service 1.1: DICOM JSON', { 'content-type': 'application/dicom+json' }],
    ['azure-dicom-service 1.1: no boundary', { 'content-type': 'multipart/related' }],
    ['an empty boundary', { 'content-type': 'multipart/related; boundary=""' }],
    ['a boundary inside of another parameter', { 'content-type': 'multipart/related; type="; boundary=b"' }],
    ['compressed', { 'content-type': multipart(), 'content-encoding': 'gzip' }],
  ];
  it.each(REFUSED)('refuses %s', (_cite, headers) => {
    expect(openingReaderFor(headers)).toEqual(expect.any(String));
  });
});
