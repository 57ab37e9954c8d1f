import { readMultipart } from './multipart-stream.ts';

const TYPE = 'multipart/related; type="application/dicom"; boundary="edge"';

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array, void> {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size: number, contentType = TYPE): Promise<[string, string][]> {
  const parts: [string, string][] = [];
  for await (const { headers, content } of readMultipart(pieces(text, size), contentType)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    parts.push([headers.get('content-type') ?? '', Buffer.concat(chunks).toString('latin1')]);
  }
  return parts;
}

describe('readMultipart (RFC 2046 5.1.1), in pieces of every size', () => {
  const ROWS: readonly (readonly [string, string, [string, string][]])[] = [
    [
      'two parts',
      '--edge\r\nContent-Type: a/b\r\n\r\nONE\r\n--edge\r\nContent-Type: c/d\r\n\r\nTWO\r\n--edge--\r\n',
      [
        ['a/b', 'ONE'],
        ['c/d', 'TWO'],
      ],
    ],
    [
      'a preamble and an epilogue',
      'before\r\n--edge\r\n\r\nONE\r\n--edge--\r\nafter',
      [['', 'ONE']],
    ],
    [
      'padding behind the boundary',
      '--edge  \r\nContent-Type: a/b\r\n\r\nONE\r\n--edge--',
      [['a/b', 'ONE']],
    ],
    [
      'what is nearly a boundary',
      '--edge\r\n\r\n\r\n--edg\r\n-\r\n--edge--',
      [['', '\r\n--edg\r\n-']],
    ],
    ['an empty part', '--edge\r\n\r\n\r\n--edge--', [['', '']]],
    ['no part', '--edge--', []],
  ];
  it.each(ROWS)('%s', async (_what, text, expected) => {
    for (const size of [1, 2, 3, 7, 64, 1000]) expect(await read(text, size)).toEqual(expected);
  });

  it.each([
    ['a part without end', '--edge\r\n\r\nONE'],
    ['no boundary in it', 'ONE'],
    ['header fields without end', `--edge\r\n${'x'.repeat(70_000)}`],
    ['nothing', ''],
  ])('%s is an error', async (_what, text) => {
    await expect(read(text, 4096)).rejects.toThrow();
  });

  it('a type without boundary is an error', async () => {
    await expect(read('x', 10, 'multipart/related')).rejects.toThrow(/boundary/);
  });

  it('skips what is not read of a part', async () => {
    const text = '--edge\r\n\r\nONE\r\n--edge\r\n\r\nTWO\r\n--edge--';
    let count = 0;
    for await (const part of readMultipart(pieces(text, 3), TYPE)) if (part) count += 1;
    expect(count).toBe(2);
  });
});
