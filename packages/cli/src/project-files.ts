import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './usage-error.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** The files of this project that go to a viewer: address on the viewer's site, and file here. */
export const SITE_FILES = [
  { address: 'plugins/ohif-azure/extension.mjs', file: 'extensions/azure/dist/extension.mjs' },
  { address: 'plugins/ohif-azure/mode.mjs', file: 'modes/azure/dist/mode.mjs' },
  { address: 'plugins/ohif-azure/doctor.mjs', file: 'packages/cli/dist/page/doctor.mjs' },
  { address: 'doctor.html', file: 'packages/cli/page/doctor.html' },
] as const;

/**
 * The absolute path of a file of this project.
 * @param file - relative to the project's root.
 * @throws {UsageError} when it has not been built.
 */
export function projectFile(file: string): string {
  const absolute = path.join(PROJECT, file);
  if (!existsSync(absolute)) throw new UsageError(`${file} is missing. Run: npm run build`);
  return absolute;
}

/** The shipped platform-config/azure.js. */
export function configTemplate(): string {
  return readFileSync(projectFile('platform-config/azure.js'), 'utf8');
}
