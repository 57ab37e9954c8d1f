import { createReadStream } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { listen, originOf } from '@ohif-azure/emulator';
import sirv from 'sirv';
import type { ViewerFiles } from './viewer-files.ts';

export interface ViewerServer {
  /** e.g. `http://localhost:3000` */
  origin: string;
  /** Text of app-config.js. Until it is set, the viewer's pages answer 503. */
  setConfig(text: string): void;
  close(): Promise<void>;
}

/**
 * Serves the prebuilt viewer with our configuration and plug-ins, as a web server of a hospital would:
 * files as they are, and index.html for the viewer's own routes.
 */
export async function startViewerServer(
  options: ViewerFiles & { host: string; port: number }
): Promise<ViewerServer> {
  const { dist, plugins, host, port } = options;
  const files = sirv(dist, { single: true, etag: true });
  let config: string | undefined;

  const handler: RequestListener = (request, response) => {
    // Not parsed as a URL: a request line such as `GET //` is none.
    const [pathname = '/'] = (request.url ?? '/').split('?');
    const plugin = plugins.get(pathname);
    if (pathname === '/app-config.js') sendConfig(response, config);
    else if (plugin) sendPlugin(response, plugin);
    else files(request, response, () => void response.writeHead(404).end('Not found'));
  };
  const server = createServer(handler);
  const bound = await listen(server, { host, port, what: 'viewer' });
  return {
    origin: originOf(host, bound),
    setConfig(text) {
      config = text;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendConfig(response: ServerResponse, config: string | undefined) {
  if (config === undefined) {
    response.writeHead(503, { 'Retry-After': '1' }).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': 'text/javascript; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(config);
}

function sendPlugin(response: ServerResponse, file: string) {
  response.writeHead(200, {
    'Content-Type': file.endsWith('.html')
      ? 'text/html; charset=utf-8'
      : 'text/javascript; charset=utf-8',
    'Cache-Control': 'no-cache',
  });
  pipeline(createReadStream(file), response, () => undefined);
}
