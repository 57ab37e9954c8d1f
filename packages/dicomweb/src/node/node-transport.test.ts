import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPeer } from '../../testing/scripted-peer.ts';
import { nodeTransport } from './node-transport.ts';
import type { NodeTransport, NodeTransportOptions } from './node-transport.ts';

const CODE = 'ERR_DICOMWEB_TRANSPORT';
let server: Server | undefined;
let transport: NodeTransport;
afterEach(async () => {
  transport.close();
  server?.closeAllConnections();
  await new Promise(resolve => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function start(listener: RequestListener, options?: NodeTransportOptions): Promise<string> {
  transport = nodeTransport(options);
  server = createServer(listener);
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
}

const post = (url: string, body: readonly Uint8Array[] = [new Uint8Array(3)], more = {}) =>
  transport.send({ method: 'POST', url, headers: {}, body, ...more });

describe('nodeTransport', () => {
  it('sends a stream with its length, and reports progress', async () => {
    const seen: { length?: string; bytes: number } = { bytes: 0 };
    const url = await start((request, response) => {
      seen.length = request.headers['content-length'];
      request.on('data', (chunk: Buffer) => (seen.bytes += chunk.length));
      request.on('end', () => response.end('done'));
    });
    const sent: number[] = [];
    const body = {
      byteLength: 5,
      async *open() {
        yield Buffer.from('abc');
        yield Buffer.from('de');
      },
    };
    const onUploadProgress = (bytes: number) => void sent.push(bytes);
    const request = { method: 'POST', url, headers: {}, body, onUploadProgress } as const;
    const response = await transport.send(request);
    expect(Buffer.from(await response.bytes()).toString()).toBe('done');
    expect(seen).toEqual({ length: '5', bytes: 5 });
    expect(sent).toEqual([3, 5]);
  });

  it('back-pressure: reads no further than the line takes', async () => {
    let given = 0;
    const url = await start(request => {
      request.pause();
      setTimeout(() => request.socket.destroy(), 200);
    });
    const body = {
      byteLength: 1e9,
      async *open() {
        for (; given < 1000; given += 1) yield Buffer.alloc(1e6);
      },
    };
    await expect(transport.send({ method: 'POST', url, headers: {}, body })).rejects.toMatchObject({
      code: CODE,
      bodySent: 'no',
    });
    expect(given).toBeLessThan(50);
  });

  it('an answer before the end of the body ends the sending', async () => {
    const url = await start((request, response) => {
      request.once('data', () => response.writeHead(401).end('who'));
    });
    let given = 0;
    const body = {
      byteLength: 2e8,
      async *open() {
        for (; given < 200; given += 1) yield Buffer.alloc(1e6);
      },
    };
    const response = await transport.send({ method: 'POST', url, headers: {}, body });
    expect(response.status).toBe(401);
    expect(Buffer.from(await response.bytes()).toString()).toBe('who');
    expect(given).toBeLessThan(200);
  });

  it('no connection: nothing was sent', async () => {
    const url = await start(() => undefined);
    server?.close();
    server = undefined;
    await expect(post(url)).rejects.toMatchObject({ bodySent: 'no', sentBytes: 0 });
  });

  it('a line dropped after the body: it was sent', async () => {
    const url = await start(request => {
      request.resume().on('end', () => request.socket.destroy());
    });
    await expect(post(url)).rejects.toMatchObject({ bodySent: 'yes', retry: 'ambiguous' });
  });

  it('a body that cannot be read: surely not whole', async () => {
    const url = await start(request => void request.resume());
    const cause = new Error('of the disk');
    const body = {
      byteLength: 10,
      async *open() {
        yield new Uint8Array(4);
        throw cause;
      },
    };
    await expect(transport.send({ method: 'POST', url, headers: {}, body })).rejects.toMatchObject({
      bodySent: 'no',
      cause,
    });
  });

  it('a cut answer has its status', async () => {
    const url = await start((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('half', () => setImmediate(() => response.destroy()));
    });
    const response = await transport.send({ method: 'GET', url, headers: {} });
    await expect(response.bytes()).rejects.toMatchObject({ code: CODE, httpStatus: 200 });
  });

  it('a server that never answers is given up', async () => {
    const url = await start(request => void request.resume(), { answerTimeoutMs: 30 });
    await expect(post(url)).rejects.toMatchObject({
      bodySent: 'yes',
      cause: expect.objectContaining({ message: 'no answer in time' }),
    });
  });

  it('an aborted request ends with the reason', async () => {
    const stopping = new AbortController();
    const reason = new Error('enough');
    const url = await start(() => stopping.abort(reason));
    await expect(post(url, undefined, { signal: stopping.signal })).rejects.toMatchObject({
      cause: reason,
    });
    await expect(post(url, undefined, { signal: stopping.signal })).rejects.toMatchObject({
      bodySent: 'no',
      sentBytes: 0,
    });
  });

  it('keeps connections, and sends a GET again when a kept one was closed', async () => {
    const sockets = new Set();
    let isClosing = false;
    const url = await start((request, response) => {
      if (isClosing && sockets.has(request.socket)) {
        request.socket.destroy();
        return;
      }
      sockets.add(request.socket);
      response.end('x');
    });
    const get = async () => (await transport.send({ method: 'GET', url, headers: {} })).bytes();
    await get();
    await get();
    expect(sockets.size).toBe(1);
    isClosing = true;
    expect(await get()).toHaveLength(1);
    expect(sockets.size).toBe(2);
  });

  it('follows no redirection', async () => {
    transport = nodeTransport();
    await using peer = await startPeer();
    peer.script('GET', { status: 302, headers: { Location: '/elsewhere' } });
    const { status } = await transport.send({ method: 'GET', url: peer.url, headers: {} });
    expect(status).toBe(302);
  });
});
