import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An archive of another origin made readable for browsers, as a hospital's reverse proxy does. */
export interface CorsProxy {
  /** `http://127.0.0.1:41234`. */
  origin: string;
  close(): Promise<void>;
}

/** Passes everything on to `target`, and adds the CORS headers that the target does not send. */
export async function startCorsProxy(target: string): Promise<CorsProxy> {
  const server = createServer((incoming, answer) => {
    const cors = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': 'Accept, Authorization, Content-Type, If-None-Match',
      'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
      'Access-Control-Expose-Headers': 'Content-Type, ETag',
    };
    if (incoming.method === 'OPTIONS') return void answer.writeHead(204, cors).end();
    const headers = { ...incoming.headers };
    delete headers.host;
    delete headers.origin;
    const outgoing = request(
      `${target}${incoming.url ?? '/'}`,
      { method: incoming.method, headers },
      from => {
        answer.writeHead(from.statusCode ?? 502, { ...from.headers, ...cors });
        from.pipe(answer);
      }
    );
    outgoing.once('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
