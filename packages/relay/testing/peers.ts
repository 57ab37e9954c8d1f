import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { RelayOptions, RunningRelay } from '../src/index.ts';
import { startRelay } from '../src/index.ts';

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
  tokensIssued = 0;
  tokenStatus = 200;
  readonly logLines: string[] = [];
  relay!: RunningRelay;
  #isUp = false;
  #service!: Server;
  #tokens!: Server;
  #noteCut!: () => void;

  constructor() {
    this.cut = new Promise(resolve => (this.#noteCut = resolve));
  }

  async start(options: Partial<RelayOptions> = {}): Promise<this> {
    const service = await listen((request, response) => {
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
    this.relay = await startRelay({
      serverName: 'azure-dicom',
      serviceUrl: `${service.url}/v2`,
      tokenEndpoint: `${tokens.url}/token`,
      clientId: 'relay',
      clientSecret: `${MARKER}-secret`,
      scope: 'scope/.default',
      host: '127.0.0.1',
      port: 0,
      logger: pino({}, { write: line => void this.logLines.push(line) }),
      ...options,
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
