import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../usage-error.ts';

export interface ViewerFiles {
  /** The prebuilt viewer. */
  dist: string;
  /** Address on the viewer's site -> file. */
  plugins: ReadonlyMap<string, string>;
  /** platform-config/azure.js as shipped. */
  template: string;
}

const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url));
const PLUGINS: readonly [address: string, file: string][] = [
  ['/plugins/ohif-azure/extension.mjs', 'extensions/azure/dist/extension.mjs'],
  ['/plugins/ohif-azure/mode.mjs', 'modes/azure/dist/mode.mjs'],
];

/**
 * Finds the prebuilt viewer and our plug-in files.
 *
 * @param dist - another prebuilt viewer than the one of `@ohif/app`
 * @throws {UsageError} naming the missing file and what makes it
 */
export function viewerFiles(dist: string | undefined): ViewerFiles {
  const folder = dist ?? stockDist();
  if (!existsSync(path.join(folder, 'index.html'))) {
    throw new UsageError(
      `${folder} is not a prebuilt OHIF viewer: it has no index.html (--viewer).`
    );
  }
  const plugins = new Map(
    PLUGINS.map(([address, file]) => {
      const absolute = path.join(PROJECT, file);
      if (!existsSync(absolute)) throw new UsageError(`${file} is missing. Run: npm run build`);
      return [address, absolute];
    })
  );
  const template = readFileSync(path.join(PROJECT, 'platform-config/azure.js'), 'utf8');
  return { dist: folder, plugins, template };
}

function stockDist(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@ohif/app/package.json');
    return path.join(path.dirname(manifest), 'dist');
  } catch {
    throw new UsageError(
      'The prebuilt viewer is missing. Run npm ci, or name one with --viewer <dir>.'
    );
  }
}
