import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the service fails over an instance: it answers 500, or breaks the line. */
export type Fate = 500 | 'cut';

/** A DICOM service that fails over some instances, whenever they come, and takes all others: it passes them on to a real one. */
export class PickyService {
  readonly url: string;
  /** What it fails over, by SOP Instance UID. */
  readonly fates = new Map<string, Fate>();
  readonly #close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  /** @param behind - origin of the service that it passes on to. */
  static async start(behind: string): Promise<PickyService> {
    const server = createServer(
      (incoming, response) => void picky.#serve(behind, incoming, response)
    );
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const picky = new PickyService(url, async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    });
    return picky;
  }

  async #serve(behind: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const text = body.toString('latin1');
    const isIn = (uid: string): boolean =>
      new RegExp(`${uid.replaceAll('.', '\\.')}(?![0-9.])`).test(text);
    const fate = [...this.fates].find(([uid]) => isIn(uid))?.[1];
    if (fate === 'cut') return void incoming.socket.destroy();
    if (fate !== undefined) return void response.writeHead(fate).end();
    const { method, url = '', headers } = incoming;
    const outgoing = request(new URL(url, behind), { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    outgoing.end(body);
  }

  async close(): Promise<void> {
    await this.#close();
  }
}
