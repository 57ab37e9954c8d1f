/**
 * Hostile Store bodies: each is answered, in bounded time and memory, with a status which Store has, and leaves
 * nothing behind. The number of cases and the seed are fixed.
 */
import fc from 'fast-check';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDicomService } from '@ohif-azure/emulator';
import type { RunningDicomService } from '@ohif-azure/emulator';
import { storeBody, syntheticInstance } from '../support/synthetic-study.js';
import { send } from './support/http.ts';
import type { Answer } from './support/http.ts';

const SEED = 7102;
const CASES = 300;
const ANSWERS = [200, 202, 204, 400, 409, 413, 415];
/** What one hostile request may take on a busy machine; five seconds of them is how long a client is heard out. */
const MAX_SECONDS = 20;
const MAX_GROWTH_BYTES = 150 * 1024 * 1024;

let service: RunningDicomService;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'fuzz-'));
  service = await startDicomService({ auth: 'none', port: 0, dataDir });
});
afterAll(async () => {
  await service.close();
  await rm(dataDir, { recursive: true, force: true });
});

const post = (body: Uint8Array, type = 'multipart/related; boundary=b'): Promise<Answer> =>
  send(service.url, {
    method: 'POST',
    path: '/v2/studies',
    headers: { 'content-type': type },
    body,
  });
const leftovers = () => readdir(path.join(dataDir, '.incoming'));

let instance = 0;
const goodFile = () =>
  syntheticInstance({ study: 9, instance: instance++ }, { rows: 4, columns: 4 });

/** Answered in time, with a status which Store has; nothing is left, and a good request is stored. */
async function survives(request: () => Promise<Answer>, expected: readonly number[] = ANSWERS) {
  const start = performance.now();
  const answer = await request();
  expect(expected).toContain(answer.status);
  expect((performance.now() - start) / 1000).toBeLessThan(MAX_SECONDS);
  expect(await leftovers()).toEqual([]);
  return answer;
}

const HEADER = fc.oneof(
  fc.constant('Content-Type: application/dicom'),
  fc.constant('Content-Type: application/dicom; transfer-syntax=1.2'),
  fc.constant('Content-Type: multipart/related; boundary=b'),
  fc.constant('no colon'),
  fc.constant(': no name'),
  fc.constant('__proto__: x'),
  fc.string({ maxLength: 60 })
);
const PART = fc.record({
  delimiter: fc.constantFrom('--b', '--b ', '--bb', '--', '--b--', '\r\n--b'),
  headers: fc.array(HEADER, { maxLength: 4 }),
  gap: fc.constantFrom('\r\n\r\n', '\n\n', '\r\n', ''),
  content: fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.constant(new Uint8Array(Buffer.from('\r\n--b'))),
    fc.constant('DICM')
  ),
});
const BODY = fc
  .record({
    preamble: fc.constantFrom('', '\r\n', 'preamble\r\n', '--b--\r\n'),
    parts: fc.array(PART, { maxLength: 6 }),
    end: fc.constantFrom('--b--', '--b--\r\n', '--b', ''),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
    cuts: fc.boolean(),
  })
  .map(({ preamble, parts, end, cut, cuts }) => {
    const body = Buffer.concat([
      Buffer.from(preamble),
      ...parts.flatMap(part => [
        Buffer.from(`${part.delimiter}\r\n${part.headers.join('\r\n')}${part.gap}`),
        part.content === 'DICM' ? goodFile() : Buffer.from(part.content),
        Buffer.from('\r\n'),
      ]),
      Buffer.from(end),
    ]);
    return cuts ? body.subarray(0, Math.floor(body.length * cut)) : body;
  });

it(`${CASES} bodies put together at random`, async () => {
  await fc.assert(
    fc.asyncProperty(BODY, async body => {
      await survives(() => post(body));
    }),
    { seed: SEED, numRuns: CASES, endOnFailure: true }
  );
  expect((await post(storeBody([goodFile()], 'b'))).status).toBe(200);
}, 60_000);

it(`${CASES} files with bytes changed at random`, async () => {
  const change = fc.record({ at: fc.nat(1400), value: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async changes => {
      const file = Buffer.from(goodFile());
      for (const { at, value } of changes) file[Math.min(at, file.length - 1)] = value;
      await survives(() => post(storeBody([file], 'b')));
    }),
    { seed: SEED, numRuns: CASES, endOnFailure: true }
  );
  expect((await post(storeBody([goodFile()], 'b'))).status).toBe(200);
}, 60_000);

const PART_HEAD = '--b\r\nContent-Type: application/dicom\r\n\r\n';

describe('known attacks', () => {
  it.each([
    ['no boundary parameter', 'multipart/related', '--b--', 415],
    ['an empty boundary', 'multipart/related; boundary=""', '--b--', 415],
    [
      'the boundary is not in the body',
      'multipart/related; boundary=c',
      '--b\r\n\r\nx\r\n--b--',
      400,
    ],
    [
      'nested multipart',
      undefined,
      '--b\r\nContent-Type: multipart/related; boundary=c\r\n\r\n--c--\r\n--b--',
      415,
    ],
    [
      'a header of 20,000 bytes',
      undefined,
      `--b\r\nA: ${'x'.repeat(20_000)}\r\n\r\nx\r\n--b--`,
      400,
    ],
    ['a hundred headers', undefined, `--b\r\n${'A: b\r\n'.repeat(100)}\r\nx\r\n--b--`, 400],
    ['a preamble without end', undefined, 'x'.repeat(1_000_000), 400],
    ['cut within the only part', undefined, `${PART_HEAD}half`, 204],
    ['cut within headers', undefined, '--b\r\nContent-Ty', 400],
    ['a part which is no DICOM', undefined, `${PART_HEAD}hello\r\n--b--`, 409],
  ])('%s', async (_, type, body, status) => {
    await survives(() => post(Buffer.from(body), type), [status]);
  });

  it('10,000 parts', async () => {
    const part = Buffer.from(`${PART_HEAD}x\r\n`);
    const body = Buffer.concat([
      ...Array.from({ length: 10_000 }, () => part),
      Buffer.from('--b--'),
    ]);
    const answer = await survives(() => post(body), [409]);
    expect(answer.json<Record<string, { Value: unknown[] }>>()['00081198']?.Value).toHaveLength(
      10_000
    );
  }, 60_000);

  it.each([
    ['headers without end', '--b\r\n', 'Header: value\r\n'],
    ['a preamble without end', '', 'x'.repeat(1000)],
    ['an epilogue without end', '--b--\r\n', 'x'.repeat(1000)],
  ])(
    'a client which sends %s is answered and let go, in little memory',
    async (_, begin, more) => {
      const before = process.memoryUsage().rss;
      const { status, seconds } = await sendForever(begin, Buffer.from(more.repeat(60)));
      expect([204, 400]).toContain(status);
      expect(seconds).toBeLessThan(MAX_SECONDS);
      expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES);
    },
    60_000
  );
});

/** A client of the other kind: it never stops sending, whatever is answered. */
function sendForever(begin: string, more: Buffer): Promise<{ status: number; seconds: number }> {
  const start = performance.now();
  const { hostname, port } = new URL(service.url);
  const chunk = Buffer.concat([
    Buffer.from(`${more.length.toString(16)}\r\n`),
    more,
    Buffer.from('\r\n'),
  ]);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /v2/studies HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nTransfer-Encoding: chunked\r\n' +
        `Content-Type: multipart/related; boundary=b\r\n\r\n`
    );
    if (begin !== '') socket.write(`${begin.length.toString(16)}\r\n${begin}\r\n`);
    let ended = false;
    const pump = () => {
      while (!ended && socket.write(chunk));
      if (!ended) socket.once('drain', pump);
    };
    socket.on('data', data => {
      ended = true;
      const [, status = '0'] = /^HTTP\/1\.1 (\d+)/.exec(data.toString('latin1')) ?? [];
      socket.destroy();
      resolve({ status: Number(status), seconds: (performance.now() - start) / 1000 });
    });
    socket.on('error', error => ended || reject(error));
    pump();
  });
}
