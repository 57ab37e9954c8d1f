import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { RelayOptions, RunningRelay, ServerSettings } from '../src/index.ts';
import { startRelay } from '../src/index.ts';
import { DEFAULT_ROUTING } from '../src/router/routing-schema.ts';
import { DEFAULT_MAX_REQUEST_BYTES } from '../src/settings-manifest.ts';
import type { CallOptions } from './client.ts';

/** Stands for every secret and for patient data; it must never be found in a log. */
export const MARKER = 'MARKER';

/** One request as the scripted DICOM service has received it, complete. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function listen(listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise(resolve => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** What the scripted service does with a request; by default it reads the body and answers as {@link Peers.answer} says. */
export type Script = (request: IncomingMessage, response: ServerResponse) => void;

/** Settings of the relay, and of its one server. */
export type PeersOptions = Partial<RelayOptions> & { readonly server?: Partial<ServerSettings> };

/** A relay between a scripted DICOM service and a scripted token endpoint, all on ports of this machine. */
export class Peers {
  /** Complete requests only. */
  readonly received: Received[] = [];
  /** Requests of which the headers came. */
  opened = 0;
  /** Resolves with the first request that was cut before its end. */
  readonly cut: Promise<void>;
  answer: { status: number; headers?: Record<string, string>; body?: string } = { status: 200 };
  script?: Script;
  /** Authorization of the searches by which the relay makes sure of its access token; not among {@link received} and {@link opened}. */
  readonly proofs: string[] = [];
  /** What they are answered, 200 after these. */
  proofStatuses: number[] = [];
  tokensIssued = 0;
  tokenStatus = 200;
  readonly logLines: string[] = [];
  relay!: RunningRelay;
  serviceUrl = '';
  #isUp = false;
  #service!: Server;
  #tokens!: Server;
  #noteCut!: () => void;

  constructor() {
    this.cut = new Promise(resolve => (this.#noteCut = resolve));
  }

  async start(options: PeersOptions = {}): Promise<this> {
    const service = await listen((request, response) => {
      // The relay's own question whether the access token is taken.
      if (request.method === 'GET' && request.url === '/v2/studies?limit=1') {
        this.proofs.push(request.headers.authorization ?? '');
        response.writeHead(this.proofStatuses.shift() ?? 200).end();
        return;
      }
      this.opened += 1;
      request.on('error', () => this.#noteCut());
      if (this.script) this.script(request, response);
      else this.collect(request, response);
    });
    const tokens = await listen((request, response) => {
      request.resume();
      this.tokensIssued += 1;
      const issued = { access_token: `${MARKER}-${this.tokensIssued}`, token_type: 'Bearer' };
      response.writeHead(this.tokenStatus, { 'content-type': 'application/json' });
      response.end(JSON.stringify(this.tokenStatus === 200 ? issued : { error: 'invalid_client' }));
    });
    this.#service = service.server;
    this.#tokens = tokens.server;
    this.serviceUrl = `${service.url}/v2`;
    const { server, ...rest } = options;
    this.relay = await startRelay({
      servers: [
        {
          name: 'azure-dicom',
          serviceUrl: this.serviceUrl,
          credential: {
            kind: 'secret',
            tokenEndpoint: `${tokens.url}/token`,
            clientId: 'relay',
            clientSecret: `${MARKER}-secret`,
            scope: 'scope/.default',
          },
          verifyDuplicates: 'none',
          implicitVR: 'pass',
          maxRequestBytes: DEFAULT_MAX_REQUEST_BYTES,
          retrySeconds: 30,
          ...server,
        },
      ],
      host: '127.0.0.1',
      port: 0,
      stopSeconds: 10,
      quietSeconds: 30,
      routing: DEFAULT_ROUTING,
      parts: [],
      logger: pino({}, { write: line => void this.logLines.push(line) }),
      ...rest,
    });
    this.#isUp = true;
    return this;
  }

  /** Reads the body and answers. */
  collect(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      this.received.push({ method, url, headers, body: Buffer.concat(chunks).toString('latin1') });
      response.writeHead(this.answer.status, this.answer.headers);
      response.end(this.answer.body);
    });
  }

  /** What the service does with a request that has `Expect: 100-continue`, in place of Node's own answer. */
  onExpect(script: Script): void {
    this.#service.removeAllListeners('checkContinue');
    this.#service.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      this.opened += 1;
      script(request, response);
    });
  }

  /** Resolves when so many requests were opened. */
  async openings(count: number): Promise<void> {
    while (this.opened < count) await new Promise(setImmediate);
  }

  /** Resolves when a line with this reason was logged. */
  async logged(reason: string): Promise<void> {
    while (!this.log.some(line => line['reason'] === reason)) await new Promise(setImmediate);
  }

  /** The log so far, each line parsed. */
  get log(): Record<string, unknown>[] {
    return this.logLines.map(line => JSON.parse(line) as Record<string, unknown>);
  }

  async stop(): Promise<void> {
    await stop(this.#service);
    await stop(this.#tokens);
    if (this.#isUp) await this.relay.close();
  }
}

export const BOUNDARY = '1b9bd136-ee8a-40f5-bee5-5ef62f0eba7d-1b9bd136-ee8a-40f5-bee5-5ef62f0eba7d';

/** As Orthanc writes it: `type` quoted, the boundary not. */
export const MULTIPART = `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`;

/** A body as Orthanc writes it: no line break after the closing delimiter. */
export function multipart(...parts: readonly string[]): string {
  const written = parts.map(
    part =>
      `--${BOUNDARY}\r\nContent-Type: application/dicom\r\nContent-Length: ${part.length}\r\n\r\n${part}\r\n`
  );
  return `${written.join('')}--${BOUNDARY}--`;
}

/** The parts of a body as the relay writes it to the service, whatever its boundary is. */
export function partsOf({ headers, body }: Pick<Received, 'headers' | 'body'>): string[] {
  const boundary = /boundary=([\w-]+)$/.exec(headers['content-type'] ?? '')?.[1] ?? 'none';
  const sections = `\r\n${body}`.split(`\r\n--${boundary}`);
  if (sections.at(-1) !== '--\r\n' || sections[0] !== '') throw new Error('not a whole body');
  return sections.slice(1, -1).map(section => {
    const head = '\r\nContent-Type: application/dicom\r\n\r\n';
    if (!section.startsWith(head)) throw new Error('not a part');
    return section.slice(head.length);
  });
}

/** A Store request of a job of its own, as Orthanc writes it. */
export function storeJob(...parts: readonly string[]): {
  boundary: string;
  options: CallOptions & { readonly body: string; readonly headers: Record<string, string> };
} {
  const boundary = `${randomUUID()}-${randomUUID()}`;
  const body = multipart(...parts).replaceAll(BOUNDARY, boundary);
  const headers = { 'content-type': MULTIPART.replace(BOUNDARY, boundary) };
  return { boundary, options: { method: 'POST', headers, body } };
}
