import { MalformedBodyError, MAX_PREAMBLE_BYTES, PartScanner } from './part-scanner.ts';

/** All parts of a body that is pushed in pieces of this size. */
function scan(body: string, size: number, boundary = 'b'): string[] {
  const scanner = new PartScanner(boundary);
  const parts: string[] = [];
  const bytes = Buffer.from(body, 'latin1');
  let current = '';
  let isOpen = false;
  for (let at = 0; at < bytes.length; at += size) {
    for (const event of scanner.push(bytes.subarray(at, at + size))) {
      if (event.kind === 'part') {
        expect(isOpen).toBe(false);
        isOpen = true;
        current = '';
      } else if (event.kind === 'data') current += event.bytes.toString('latin1');
      else if (event.kind === 'partEnd') {
        isOpen = false;
        parts.push(current);
      }
    }
  }
  scanner.end();
  return parts;
}

const part = (content: string, head = 'Content-Type: application/dicom\r\n'): string =>
  `--b\r\n${head}\r\n${content}\r\n`;
const counted = (content: string, length = content.length): string =>
  part(content, `Content-Type: application/dicom\r\nContent-Length: ${length}\r\n`);

describe('PartScanner', () => {
  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, body: string, parts: string[]])[] = [
    ['orthanc 2.1: as Orthanc writes it', `${counted('one')}${counted('two')}--b--`, ['one', 'two']],
    ['RFC 2046 5.1.1: without lengths', `${part('one')}${part('two')}--b--\r\n`, ['one', 'two']],
    ['orthanc 2.5: resubmitted job', '--b--', []],
    ['orthanc 2.5: with a line break', '--b--\r\n', []],
    ['RFC 2046 5.1.1: preamble and epilogue', `hello\r\n${part('x')}--b--\r\nbye\r\n--b\r\n`, ['x']],
    ['RFC 2046 5.1.1: padding', `--b \t\r\n\r\nx\r\n--b-- `, ['x']],
    ['RFC 2046 5.1.1: no headers', '--b\r\n\r\nx\r\n--b--', ['x']],
    ['RFC 2046 5.1.1: only at the start of a line', `${part('x--b--y')}--b--`, ['x--b--y']],
    ['a boundary that another line begins with', `${part('x\r\n--bc\r\ny')}--b--`, ['x\r\n--bc\r\ny']],
    ['half a closing delimiter', `${part('x\r\n--b-y')}--b--`, ['x\r\n--b-y']],
    ['a delimiter within what is counted', `${counted('x\r\n--b--\r\ny')}--b--`, ['x\r\n--b--\r\ny']],
    ['a length that is too short', `${counted('one more', 3)}--b--`, ['one more']],
    ['a length that cannot be read', `${part('x', 'Content-Length: many\r\n')}--b--`, ['x']],
    ['no content', `${part('')}${counted('')}--b--`, ['', '']],
    ['line breaks only', `${part('\r\n\r\n')}--b--`, ['\r\n\r\n']],
    ['beginnings of a delimiter', `${part('\r\r\n-\r\n--\r')}--b--`, ['\r\r\n-\r\n--\r']],
  ];
  it.each(ROWS)('%s', (_cite, body, parts) => {
    for (const size of [1, 2, 3, 5, 7, 11, body.length]) expect(scan(body, size)).toEqual(parts);
  });

  // prettier-ignore
  const MALFORMED: readonly (readonly [cite: string, body: string])[] = [
    ['no bytes', ''],
    ['no delimiter', 'hello'],
    ['a preamble without end', 'x'.repeat(MAX_PREAMBLE_BYTES + 1)],
    ['orthanc 2.5: killed within a part', counted('one').slice(0, -2)],
    ['killed between parts', counted('one')],
    ['killed within the closing delimiter', `${counted('one')}--b-`],
    ['killed within the headers', '--b\r\nContent-Type: app'],
    ['a length that is too long', `${counted('one', 99)}--b--`],
    ['headers without end', `--b\r\n${'x'.repeat(20_000)}`],
  ];
  it.each(MALFORMED)('refuses %s', (_cite, body) => {
    expect(() => scan(body, 64)).toThrow(MalformedBodyError);
  });

  it('gives the content as it lies in what was pushed, not copied', () => {
    const scanner = new PartScanner('b');
    scanner.push(Buffer.from('--b\r\nContent-Length: 100000\r\n\r\n'));
    const chunk = Buffer.alloc(65_536);
    const [event] = scanner.push(chunk);
    expect(event?.kind === 'data' && event.bytes.buffer === chunk.buffer).toBe(true);
  });

  it('tells length and type of a part', () => {
    const scanner = new PartScanner('a b');
    const [event] = scanner.push(
      Buffer.from(
        '--a b\r\ncontent-TYPE:  application/dicom; x=y \r\nContent-Length: 12\r\nX: z\r\n\r\n'
      )
    );
    expect(event).toEqual({
      kind: 'part',
      headers: { contentType: 'application/dicom; x=y', contentLength: 12 },
    });
  });
});
