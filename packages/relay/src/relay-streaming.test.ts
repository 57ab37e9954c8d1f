import { once } from 'node:events';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { call, open, seen } from '../testing/client.ts';
import { BOUNDARY, multipart, MULTIPART, Peers } from '../testing/peers.ts';
import { REPLAY_BYTES } from './store-request.ts';

const S = '/servers/azure-dicom';
const STORE = { method: 'POST', headers: { 'content-type': MULTIPART } };
const STORED = JSON.stringify({ '00081199': { vr: 'SQ', Value: [{}] } });

const CHUNK = Buffer.alloc(65_536, 7);
const CHUNKS = 3_200; // 200 MiB
/** More than the buffers of the sockets between the two ends take. */
const EARLY_CHUNKS = 512;
const TOTAL = CHUNK.length * CHUNKS;
/**
 * What may be between the two ends: the buffers of four sockets, which the system may let grow to some megabytes each, and of Node.
 * Without back-pressure it would be nearly all of {@link TOTAL}.
 */
const MOST_BETWEEN = 64 * 1024 * 1024;

/** More than the relay keeps before it begins to send. */
const LONG = 'x'.repeat(2 * REPLAY_BYTES);
const LONG_CHUNKS = (2 * REPLAY_BYTES) / CHUNK.length;

const OPENING = Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`);
const CLOSING = Buffer.from(`\r\n--${BOUNDARY}--`);

/** Some turns of the event loop, in which everybody else could do what they want. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

/** Writes as fast as the other side takes it. */
async function writeAll(
  sink: ClientRequest | ServerResponse,
  onWritten: (bytes: number) => void
): Promise<void> {
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const isRoomLeft = sink.write(CHUNK);
    onWritten(CHUNK.length);
    if (!isRoomLeft) await once(sink, 'drain');
  }
}

/** Reads slower than the other side can write. */
async function readSlowly(source: IncomingMessage, onRead: (bytes: number) => void): Promise<void> {
  for await (const chunk of source as AsyncIterable<Buffer>) {
    onRead(chunk.length);
    await turns(4);
  }
}

/** Counts what has been written and not been read. */
class Between {
  written = 0;
  read = 0;
  most = 0;
  readonly onWritten = (bytes: number): void => {
    this.written += bytes;
    this.most = Math.max(this.most, this.written - this.read);
  };
  readonly onRead = (bytes: number): void => void (this.read += bytes);
}

describe('relay, streaming', () => {
  let peers: Peers;
  beforeEach(async () => {
    peers = await new Peers().start();
  });
  afterEach(() => peers.stop());
  const relay = (): string => peers.relay.url;

  it('keeps a Store request of 200 MiB in bounds when the service reads slowly', async () => {
    const between = new Between();
    peers.script = (request, response) => {
      void readSlowly(request, between.onRead).then(() => response.end(STORED));
    };
    const outgoing = open(relay(), `${S}/studies`, STORE);
    const answer = seen(outgoing);
    outgoing.write(OPENING);
    await writeAll(outgoing, between.onWritten);
    outgoing.end(CLOSING);
    await expect(answer).resolves.toMatchObject({ status: 200 });
    // The boundary, and with it the ends of the body, are the relay's own.
    expect(between.read - TOTAL).toBeLessThan(500);
    expect(between.read).toBeGreaterThan(TOTAL);
    expect(between.most).toBeLessThan(MOST_BETWEEN);
    expect(peers.log[0]).toMatchObject({
      requestBytes: OPENING.length + TOTAL + CLOSING.length,
      instances: 1,
    });
  }, 60_000);

  it('keeps an answer of 200 MiB in bounds when the caller reads slowly', async () => {
    const between = new Between();
    peers.script = (_request, response) => {
      void writeAll(response, between.onWritten).then(() => response.end());
    };
    const outgoing = open(relay(), `${S}/studies/1.2`);
    outgoing.end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    await readSlowly(answer, between.onRead);
    expect(answer.complete).toBe(true);
    expect(between.read).toBe(TOTAL);
    expect(between.most).toBeLessThan(MOST_BETWEEN);
  }, 60_000);

  // prettier-ignore
  const CUTS: readonly (readonly [cite: string, framing: string, how: 'destroy' | 'end'])[] = [
    ['orthanc 2.5: kill -9, chunked', 'Transfer-Encoding: chunked', 'destroy'],
    ['orthanc 2.5: SIGTERM, chunked body without terminator', 'Transfer-Encoding: chunked', 'end'],
    ['kill -9, with a length', 'Content-Length: 10000000', 'destroy'],
    ['half-closed line, with a length', 'Content-Length: 10000000', 'end'],
  ];
  it.each(CUTS)('a cut body is cut to the service: %s', async (_cite, framing, how) => {
    const head = `POST ${S}/studies HTTP/1.1\r\nHost: h\r\nContent-Type: ${MULTIPART}\r\n${framing}\r\n\r\n`;
    // The multipart body is complete; only HTTP can tell that more was to come.
    const body = multipart(LONG);
    const sent = framing.startsWith('T') ? `${body.length.toString(16)}\r\n${body}\r\n` : body;
    const arrived = new Promise<void>(resolve => {
      peers.script = (request, response) => {
        request.once('data', () => resolve());
        peers.collect(request, response);
      };
    });
    const { hostname, port } = new URL(relay());
    const socket = connect(Number(port), hostname, () => socket.write(head + sent));
    socket.on('error', () => undefined);
    await arrived;
    socket[how]();
    await peers.cut;
    expect(peers.received).toEqual([]);
    socket.destroy();
  });

  it('stops asking when the caller of a read goes away', async () => {
    const cut = new Promise<void>(resolve => {
      peers.script = (_request, response) => {
        response.on('close', resolve);
        response.write('x');
      };
    });
    const outgoing = open(relay(), `${S}/studies/1.2`);
    outgoing.on('error', () => undefined);
    outgoing.end();
    await once(outgoing, 'response');
    outgoing.destroy();
    await cut;
  });

  it('cuts the answer to the caller when the service cuts it', async () => {
    peers.script = (_request, response) => {
      response.write(CHUNK, () => response.destroy());
    };
    await expect(call(relay(), `${S}/studies/1.2`)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(peers.log[0]).toMatchObject({ reason: 'answer-cut', status: 200 });
  });

  it('never takes an answer to half a body for a success', async () => {
    peers.script = (request, response) => {
      request.once('data', () => response.end(STORED));
    };
    const outgoing = open(relay(), `${S}/studies`, STORE);
    const answer = seen(outgoing);
    outgoing.write(OPENING);
    for (let sent = 0; sent < LONG_CHUNKS; sent += 1) outgoing.write(CHUNK);
    await expect(answer).resolves.toMatchObject({
      status: 502,
      body: expect.stringMatching(/before it had the whole body/),
    });
    outgoing.destroy();
  });

  // prettier-ignore
  const EARLY: readonly (readonly [cite: string, status: number, expected: number])[] = [
    ['orthanc 2.3: early 503', 503, 503],
    ['orthanc 2.3: early 401', 401, 403],
    ['azure-dicom-service 1.1: early 415', 415, 415],
  ];
  it.each(EARLY)('answers early when the service does: %s', async (_cite, status, expected) => {
    peers.script = (_request, response) => {
      response.writeHead(status, { connection: 'close' }).end('early');
    };
    const { hostname, port } = new URL(relay());
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    const isOver = once(socket, 'close'); // rejects when the line is reset
    const chunk = (bytes: Buffer): Buffer =>
      Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
    socket.write(
      `POST ${S}/studies HTTP/1.1\r\nHost: h\r\nContent-Type: ${MULTIPART}\r\nTransfer-Encoding: chunked\r\n\r\n`
    );
    socket.write(chunk(OPENING));
    for (let sent = 0; sent < LONG_CHUNKS; sent += 1) socket.write(chunk(CHUNK));
    await once(socket, 'data');
    // Orthanc may go on sending for a while; the relay takes that and throws it away, and the answer is not lost.
    for (let sent = 0; sent < EARLY_CHUNKS; sent += 1) {
      if (!socket.write(chunk(CHUNK))) await once(socket, 'drain');
    }
    socket.write(`${chunk(CLOSING).toString('latin1')}0\r\n\r\n`);
    await isOver;
    expect(answer).toMatch(
      new RegExp(`^HTTP/1\\.1 ${expected} [^]*\r\nconnection: close\r\n`, 'i')
    );
    expect(peers.received).toEqual([]);
  });

  it('answers in words when the service breaks the line within the body', async () => {
    peers.script = request => void request.once('data', () => request.socket.destroy());
    const outgoing = open(relay(), `${S}/studies`, STORE);
    const answer = seen(outgoing);
    outgoing.write(OPENING);
    for (let sent = 0; sent < LONG_CHUNKS; sent += 1) outgoing.write(CHUNK);
    await expect(answer).resolves.toMatchObject({
      status: 502,
      body: expect.stringMatching(/What was stored is not known/),
    });
    outgoing.destroy();
  });

  it('lets requests under way end when it is stopped, and takes no more', async () => {
    const response = new Promise<ServerResponse>(resolve => {
      peers.script = (_request, answer) => resolve(answer);
    });
    const read = call(relay(), `${S}/studies`);
    const held = await response;
    const closed = peers.relay.close();
    await expect(call(relay(), '/health')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    held.end('late');
    await expect(read).resolves.toMatchObject({ body: 'late' });
    await closed;
  });
});
