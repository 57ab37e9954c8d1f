import { MultipartReader, TruncatedPartError } from './multipart-reader.ts';

async function* inChunks(body: string, size: number) {
  const bytes = Buffer.from(body, 'latin1');
  for (let start = 0; start < bytes.length; start += size)
    yield bytes.subarray(start, start + size);
}

async function readAll(body: string, size = 1000) {
  const reader = new MultipartReader(inChunks(body, size), 'b-1');
  const parts: { headers: Record<string, string>; content: string }[] = [];
  for (;;) {
    const headers = await reader.nextPart();
    if (!headers) return parts;
    const chunks: Buffer[] = [];
    for await (const chunk of reader.content()) chunks.push(chunk);
    parts.push({
      headers: Object.fromEntries(headers),
      content: Buffer.concat(chunks).toString('latin1'),
    });
  }
}

const PART = (content: string) => `--b-1\r\nContent-Type: a/b\r\n\r\n${content}\r\n`;
const ONE = (content: string) => [{ headers: { 'content-type': 'a/b' }, content }];

describe('RFC 2046 section 5.1.1', () => {
  it.each([
    ['two parts', `${PART('one')}${PART('two')}--b-1--`, [...ONE('one'), ...ONE('two')]],
    ['preamble and epilogue', `pre\r\n${PART('x')}--b-1--\r\nepilogue`, ONE('x')],
    ['padding behind the delimiter', '--b-1 \t\r\nContent-Type: a/b\r\n\r\nx\r\n--b-1--', ONE('x')],
    ['an empty part', `${PART('')}--b-1--`, ONE('')],
    ['content with bare dashes', `${PART('--b-\r\n--b\r\n--')}--b-1--`, ONE('--b-\r\n--b\r\n--')],
    ['content ending in CRLF', `${PART('x\r\n')}--b-1--`, ONE('x\r\n')],
    ['delimiter text within a line', `${PART('x --b-1 y')}--b-1--`, ONE('x --b-1 y')],
    ['no headers', '--b-1\r\n\r\nx\r\n--b-1--', [{ headers: {}, content: 'x' }]],
    ['no part', '--b-1--', []],
    ['nothing', '', []],
  ])('%s, whatever the chunks are', async (_, body, parts) => {
    for (const size of [1, 2, 3, 5, 7, 11, 1000]) expect(await readAll(body, size)).toEqual(parts);
  });
});

describe('truncation (reference 1.1)', () => {
  const body = `${PART('first')}${PART('second')}--b-1--`;
  const secondContent = body.indexOf('second');

  it('within content', async () => {
    for (let end = secondContent; end < secondContent + 'second\r\n--b-1'.length; end += 1) {
      await expect(readAll(body.slice(0, end))).rejects.toThrow(TruncatedPartError);
    }
  });

  it('within headers: 400', async () => {
    await expect(readAll(body.slice(0, secondContent - 3))).rejects.toMatchObject({ status: 400 });
  });

  it('skips a part whose content is not read', async () => {
    const reader = new MultipartReader(inChunks(body, 4), 'b-1');
    await reader.nextPart();
    await reader.nextPart();
    const chunks: Buffer[] = [];
    for await (const chunk of reader.content()) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('second');
  });
});

it.each([
  ['a header without colon', '--b-1\r\nbroken\r\n\r\nx\r\n--b-1--'],
  ['letters behind the delimiter', '--b-1x\r\nA: b\r\n\r\nx\r\n--b-1--'],
  ['headers without end', `--b-1\r\nA: ${'x'.repeat(20_000)}`],
  ['long headers in one chunk', `--b-1\r\nA: ${'x'.repeat(20_000)}\r\n\r\nx\r\n--b-1--`],
  ['too many headers', `--b-1\r\n${'A: b\r\n'.repeat(17)}\r\nx\r\n--b-1--`],
  ['only a preamble', 'nothing here'],
  ['a preamble without end', 'x'.repeat(40_000)],
  ['another boundary than was announced', '--c\r\n\r\nx\r\n--c--'],
])('%s: 400', async (_, body) => {
  await expect(readAll(body)).rejects.toMatchObject({ status: 400 });
});
