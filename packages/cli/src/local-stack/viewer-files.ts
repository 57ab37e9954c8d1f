import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { configTemplate, projectFile, SITE_FILES } from '../project-files.ts';
import { UsageError } from '../usage-error.ts';

export interface ViewerFiles {
  /** The prebuilt viewer. */
  dist: string;
  /** Address on the viewer's site -> file. */
  plugins: ReadonlyMap<string, string>;
  /** platform-config/azure.js as shipped. */
  template: string;
}

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
    SITE_FILES.map(({ address, file }) => [`/${address}`, projectFile(file)])
  );
  return { dist: folder, plugins, template: configTemplate() };
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
