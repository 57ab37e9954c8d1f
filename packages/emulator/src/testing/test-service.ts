/** A DICOM service on a free port with a data folder of its own, and requests with every detail in hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DicomServiceOptions } from '../dicom-service/options.ts';
import { startDicomService } from '../dicom-service/start.ts';
import type { RunningDicomService } from '../dicom-service/start.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';

/** Headers to send; `undefined` leaves one out. `accept` is the wildcard by default. */
export interface Sent {
  method?: string;
  headers?: Record<string, string | string[] | undefined>;
  body?: Uint8Array | string;
}

/** An answer, read to its end. */
export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: Buffer;
  text: string;
  /** The body as DICOM JSON. */
  json<T = JsonDataSet[]>(): T;
}

/** A service under test. */
export interface TestService extends RunningDicomService {
  dataDir: string;
  send(path: string, sent?: Sent): Promise<Answer>;
  /** Stores instances with one multipart request. */
  store(parts: readonly Uint8Array[], path?: string): Promise<Answer>;
  /** Closes the service and removes its folder. */
  end(): Promise<void>;
}

const running = new Set<TestService>();

/** Ends what a test left running: to be called after all, as a failed test does not get that far. */
export async function endTestServices(): Promise<void> {
  for (const service of running) await service.end();
}

/** Starts a service; `auth` is `none` and `profile` `open-source` by default. */
export async function startTestService(
  options: Partial<DicomServiceOptions> = {}
): Promise<TestService> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'dicom-service-')));
  const service = await startDicomService({
    auth: 'none',
    port: 0,
    profile: 'open-source',
    ...options,
    dataDir,
  });
  const sendTo = (path: string, sent: Sent = {}) => send(service.url + path, sent);
  const test: TestService = {
    ...service,
    dataDir,
    send: sendTo,
    store: (parts, path = '/v2/studies') =>
      sendTo(path, {
        method: 'POST',
        headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=bb' },
        body: multipart(parts, 'bb'),
      }),
    async close() {
      running.delete(test);
      await service.close();
    },
    async end() {
      await test.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  running.add(test);
  return test;
}

/** Writes a Store body. */
export function multipart(parts: readonly Uint8Array[], boundary: string): Buffer {
  return Buffer.concat([
    ...parts.flatMap(part => [
      Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      part,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
}

/** The contents of a multipart answer, and the header lines of its parts. */
export function splitMultipart(answer: Answer): { header: string; content: Buffer }[] {
  const [, boundary = ''] = /boundary=(\S+)$/.exec(answer.headers['content-type'] ?? '') ?? [];
  const text = answer.body.toString('latin1');
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map(part => {
      const end = part.indexOf('\r\n\r\n');
      return {
        header: part.slice(2, end),
        content: Buffer.from(part.slice(end + 4, -2), 'latin1'),
      };
    });
}

/** Sends one request with exactly these headers. */
export function send(url: string, { method = 'GET', headers = {}, body }: Sent): Promise<Answer> {
  const given = { accept: '*/*', ...headers };
  const sentHeaders = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined)
  ) as Record<string, string | string[]>;
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers: sentHeaders, agent: false }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string | undefined>,
          body: bytes,
          text,
          json: <T>() => JSON.parse(text) as T,
        });
      });
    });
    request.on('error', reject);
    if (body) request.setHeader('content-length', Buffer.byteLength(body));
    request.end(body);
  });
}
