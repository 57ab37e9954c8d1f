import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readIdentity } from '../src/part10.ts';
import type { InstanceIdentity } from '../src/part10.ts';

/** A Store request as it came, whole. */
export interface StoreRequest {
  readonly uids: readonly string[];
  readonly bytes: number;
  readonly authorization: string | undefined;
}

/** What a rule does with a Store request: answers in its place, or drops the line before or after the instances are stored. */
export type StoreRule = (
  request: StoreRequest
) =>
  | { status: number; headers?: Record<string, string>; body?: string }
  | 'drop'
  | 'storeAndDrop'
  | undefined;

/** A small DICOMweb archive on a real port. Closes itself with `await using`. */
export interface SmallArchive extends AsyncDisposable {
  /** With `/v2`. */
  readonly url: string;
  readonly stored: Map<string, InstanceIdentity & { bytes: Buffer }>;
  readonly stores: StoreRequest[];
  /** Paths of GET requests. */
  readonly gets: string[];
  /** Asked for each Store request, in order, until one has something to say. */
  readonly rules: StoreRule[];
  /** Asked for each GET; true: it was answered. */
  onGet: (path: string, response: ServerResponse) => boolean;
}

function partsOf(body: Buffer, contentType: string): Buffer[] {
  const boundary = /boundary=([^;]+)/.exec(contentType)?.[1] ?? '';
  const parts: Buffer[] = [];
  const delimiter = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(delimiter); at >= 0;) {
    const headersEnd = body.indexOf('\r\n\r\n', at);
    if (headersEnd < 0) break;
    const start = headersEnd + 4;
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), start);
    if (next < 0) break;
    parts.push(body.subarray(start, next));
    at = next + 2;
  }
  return parts;
}

const item = (uid: string, reason?: number) => ({
  '00081155': { vr: 'UI', Value: [uid] },
  ...(reason !== undefined && { '00081197': { vr: 'US', Value: [reason] } }),
});

/** Starts an archive on a free port of 127.0.0.1. */
export async function startSmallArchive(): Promise<SmallArchive> {
  const stored: SmallArchive['stored'] = new Map();
  const archive: Pick<SmallArchive, 'stores' | 'gets' | 'rules' | 'onGet'> = {
    stores: [],
    gets: [],
    rules: [],
    onGet: () => false,
  };

  function keep(parts: readonly Buffer[]): string {
    const referenced: object[] = [];
    const failed: object[] = [];
    for (const bytes of parts) {
      const identity = readIdentity(bytes);
      const uid = identity.sopInstanceUID ?? '';
      if (!uid || !identity.studyInstanceUID) failed.push(item(uid, 43264));
      else if (stored.has(uid)) failed.push(item(uid, 45070));
      else {
        stored.set(uid, { ...identity, bytes });
        referenced.push(item(uid));
      }
    }
    return JSON.stringify({
      ...(referenced.length && { '00081199': { vr: 'SQ', Value: referenced } }),
      ...(failed.length && { '00081198': { vr: 'SQ', Value: failed } }),
    });
  }

  function store(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const parts = partsOf(body, request.headers['content-type'] ?? '');
    const seen: StoreRequest = {
      uids: parts.map(part => readIdentity(part).sopInstanceUID ?? ''),
      bytes: body.length,
      authorization: request.headers.authorization,
    };
    archive.stores.push(seen);
    const what = archive.rules.map(rule => rule(seen)).find(said => said !== undefined);
    if (what === 'drop' || what === 'storeAndDrop') {
      if (what === 'storeAndDrop') keep(parts);
      request.socket.destroy();
      return;
    }
    if (what) {
      response.writeHead(what.status, what.headers).end(what.body);
      return;
    }
    const answer = keep(parts);
    const isAllFailed = !answer.includes('00081199');
    const status = isAllFailed ? 409 : answer.includes('00081198') ? 202 : 200;
    response.writeHead(status, { 'Content-Type': 'application/dicom+json' }).end(answer);
  }

  function metadata(path: string, response: ServerResponse): void {
    const uid = /\/instances\/([^/]+)\/metadata$/.exec(path)?.[1] ?? '';
    const found = stored.get(uid);
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    const value = (text = '') => ({ vr: 'UI', Value: [text] });
    const dataset = {
      '00080016': value(found.sopClassUID),
      '00080018': value(found.sopInstanceUID),
      '0020000D': value(found.studyInstanceUID),
      '0020000E': value(found.seriesInstanceUID),
    };
    response.writeHead(200, { 'Content-Type': 'application/dicom+json' });
    response.end(JSON.stringify([dataset]));
  }

  const server = createServer((request, response) => {
    request.on('error', () => undefined);
    if (request.method === 'GET') {
      const path = (request.url ?? '').replace(/^\/v2/, '');
      archive.gets.push(path);
      if (!archive.onGet(path, response)) metadata(path, response);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => store(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(archive, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`,
    stored,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  });
}
