import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import sirv from 'sirv';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PLUGINS: Readonly<Record<string, string>> = {
  '/plugins/ohif-azure/extension.mjs': path.join(ROOT, 'extensions/azure/dist/extension.mjs'),
  '/plugins/ohif-azure/mode.mjs': path.join(ROOT, 'modes/azure/dist/mode.mjs'),
};

/** The stock prebuilt viewer with our plug-in files, on a site of its own. */
export interface ViewerSite {
  /** `http://localhost:41234`; sign-in needs a name that browsers hold for safe. */
  origin: string;
  /** Text of app-config.js from now on. */
  setConfig(text: string): void;
  close(): Promise<void>;
}

/** Serves the viewer as docs/install.md says: files as they are, and index.html for the viewer's own routes. */
export async function startViewerSite(): Promise<ViewerSite> {
  const manifest = createRequire(import.meta.url).resolve('@ohif/app/package.json');
  const files = sirv(path.join(path.dirname(manifest), 'dist'), { single: true, etag: true });
  let config = '';
  const server = createServer((request, response) => {
    const [pathname = '/'] = (request.url ?? '/').split('?');
    const plugin = Object.hasOwn(PLUGINS, pathname) ? PLUGINS[pathname] : undefined;
    if (plugin === undefined && pathname !== '/app-config.js') {
      return files(request, response, () => void response.writeHead(404).end());
    }
    response.writeHead(200, { 'Content-Type': 'text/javascript', 'Cache-Control': 'no-store' });
    if (plugin === undefined) response.end(config);
    else createReadStream(plugin).pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    setConfig: text => (config = text),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
