import { encodeMultipart, firstPart, indexOfBytes } from './multipart.ts';
import { createDicomwebClient } from './client.ts';
import { srInstance } from '../testing/part10-builder.ts';
import { startPeer } from '../testing/scripted-peer.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString('latin1');

describe('encodeMultipart', () => {
  it('gives the bytes of RFC 2387 with PS3.18 10.5.2, two parts', () => {
    const { contentType, pieces } = encodeMultipart([bytes('ONE'), bytes('TWO\r\n')], () => 'edge');
    expect(contentType).toBe('multipart/related; type="application/dicom"; boundary=edge');
    expect(text(pieces)).toBe(
      [
        '--edge',
        'Content-Type: application/dicom',
        '',
        'ONE',
        '--edge',
        'Content-Type: application/dicom',
        '',
        'TWO\r\n',
        '--edge--',
        '',
      ].join('\r\n')
    );
  });

  it('RFC 2046 5.1.1: takes another boundary when the first occurs in an instance', () => {
    const candidates = ['taken', 'taken-too', 'free'];
    const { contentType, pieces } = encodeMultipart(
      [bytes('a --taken b'), bytes('x--taken-too')],
      () => candidates.shift() ?? ''
    );
    expect(contentType).toMatch(/boundary=free$/);
    expect(text(pieces)).toContain('x--taken-too\r\n--free--\r\n');
  });

  it('RFC 2046 5.1.1: has a random boundary of at most 70 characters', () => {
    const boundaryOf = (): string =>
      encodeMultipart([bytes('')]).contentType.replace(/^.*boundary=/, '');
    expect(boundaryOf()).toMatch(/^[0-9A-Za-z-]{40,70}$/);
    expect(boundaryOf()).not.toBe(boundaryOf());
  });

  it('does not copy the instances', () => {
    const instance = bytes('ONE');
    expect(encodeMultipart([instance]).pieces[1]).toBe(instance);
  });

  it('is what reaches a server', async () => {
    await using peer = await startPeer();
    peer.script('POST', { status: 403 });
    const instance = srInstance();
    await expect(
      createDicomwebClient({ serviceUrl: peer.url }).store([{ bytes: instance }])
    ).rejects.toMatchObject({ code: 'ERR_STORE_FORBIDDEN' });
    const { headers, body } = peer.requests[0] ?? { headers: {}, body: Buffer.of() };
    const [, boundary] =
      /^multipart\/related; type="application\/dicom"; boundary=([\w-]+)$/.exec(
        headers['content-type'] ?? ''
      ) ?? [];
    expect(headers.accept).toBe('application/dicom+json');
    expect(headers['content-length']).toBe(String(body.length));
    expect(body.toString('latin1')).toBe(
      `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n${Buffer.from(instance).toString('latin1')}\r\n--${boundary}--\r\n`
    );
  });
});

describe('indexOfBytes', () => {
  const ROWS = [
    ['at the beginning', 'abcabd', 'abc', 0, 0],
    ['after a false start', 'ababac', 'abac', 0, 2],
    ['at the end', 'xxxabc', 'abc', 0, 3],
    ['from an offset', 'abcabc', 'abc', 1, 3],
    ['not there', 'abababab', 'aba!', 0, -1],
    ['longer than the text', 'ab', 'abc', 0, -1],
    ['cut at the end', 'xxab', 'abc', 0, -1],
    ['one byte', 'xyz', 'z', 0, 2],
  ] as const;
  it.each(ROWS)('%s', (_what, haystack, needle, from, expected) => {
    expect(indexOfBytes(bytes(haystack), bytes(needle), from)).toBe(expected);
  });

  it('agrees with Buffer.indexOf on many small texts', () => {
    for (let seed = 0; seed < 3000; seed += 1) {
      const haystack = seed.toString(2).padStart(12, '0').repeat(2);
      const needle = ((seed * 7) % 61).toString(2);
      expect(indexOfBytes(bytes(haystack), bytes(needle), 0)).toBe(haystack.indexOf(needle));
    }
  });
});

describe('firstPart', () => {
  const BODY =
    '--b\r\nContent-Type: application/dicom; transfer-syntax=1.2\r\n\r\nBYTES\r\n--b--\r\n';
  const ROWS = [
    ['Azure v2 Retrieve: no type parameter', BODY, 'multipart/related; boundary=b', 'BYTES'],
    [
      'RFC 2046 5.1.1: quoted boundary',
      BODY,
      'multipart/related; boundary="b"; type="application/dicom"',
      'BYTES',
    ],
    [
      'RFC 2046 5.1.1: a preamble is left out',
      `hello\r\n${BODY}`,
      'multipart/related; boundary=b',
      'BYTES',
    ],
    [
      'RFC 2046 5.1: a part without header fields',
      '--b\r\n\r\nBYTES\r\n--b--',
      'multipart/related; boundary=b',
      'BYTES',
    ],
    [
      'the second part is left out',
      '--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b--',
      'multipart/related; boundary=b',
      '1',
    ],
    ['cut: no end', BODY.slice(0, -9), 'multipart/related; boundary=b', undefined],
    ['cut: in the header', '--b\r\nContent-Type', 'multipart/related; boundary=b', undefined],
    ['no boundary named', BODY, 'multipart/related', undefined],
    ['another boundary', BODY, 'multipart/related; boundary=c', undefined],
    ['empty', '', 'multipart/related; boundary=b', undefined],
  ] as const;
  it.each(ROWS)('%s', (_cite, body, contentType, expected) => {
    const part = firstPart(bytes(body), contentType);
    expect(part && text([part])).toBe(expected);
  });
});
