import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../usage-error.ts';

/** Where the plug-in is put. */
export interface Target {
  readonly kind: 'dist' | 'ohif';
  /** Absolute. */
  readonly folder: string;
  /** Where we keep what `uninstall` needs, relative to the folder. */
  readonly record: string;
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

async function requireFolder(flag: string, folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new UsageError(`${flag} ${folder}: there is no such folder.`);
}

/** A prebuilt viewer: its page names the viewer, and loads `/app-config.js`. */
async function prebuilt(given: string): Promise<Target> {
  const folder = path.resolve(given);
  await requireFolder('--dist', given);
  const refuse = (found: string) =>
    new UsageError(
      `--dist ${given} is not recognised as a prebuilt OHIF viewer: ${found}. Nothing was changed.`
    );
  const page = await textOf(path.join(folder, 'index.html'));
  if (page === undefined) throw refuse('it has no index.html');
  if (!/<title>OHIF/i.test(page)) throw refuse('the title of its index.html is not OHIF’s');
  if (!/["']\/app-config\.js["']/.test(page)) {
    throw refuse(
      'its index.html does not load /app-config.js (was it built for another path than "/"?)'
    );
  }
  if ((await textOf(path.join(folder, 'app-config.js'))) === undefined)
    throw refuse('it has no app-config.js');
  return { kind: 'dist', folder, record: 'plugins/ohif-azure/installed.json' };
}

/** A checkout of OHIF: a workspace whose `platform/app` is `@ohif/app`, with a `pluginConfig.json` of the known form. */
async function checkout(given: string): Promise<Target> {
  const folder = path.resolve(given);
  await requireFolder('--ohif', given);
  const refuse = (found: string) =>
    new UsageError(
      `--ohif ${given} is not recognised as a checkout of OHIF: ${found}. Nothing was changed.`
    );
  const json = async (file: string): Promise<Record<string, unknown>> => {
    const text = await textOf(path.join(folder, file));
    if (text === undefined) throw refuse(`it has no ${file}`);
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch {
      throw refuse(`its ${file} is not JSON`);
    }
  };
  const { name } = await json('platform/app/package.json');
  if (name !== '@ohif/app')
    throw refuse(`platform/app/package.json is of ${String(name)}, not of @ohif/app`);
  const plugins = await json('platform/app/pluginConfig.json');
  if (!Array.isArray(plugins.extensions) || !Array.isArray(plugins.modes)) {
    throw refuse('platform/app/pluginConfig.json has no lists "extensions" and "modes"');
  }
  return { kind: 'ohif', folder, record: 'platform/app/.ohif-azure-installed.json' };
}

/**
 * Recognises what the plug-in is to be put into.
 * @throws {UsageError} saying what is missing; nothing has been touched then.
 */
export async function recognise({ dist, ohif }: { dist?: string; ohif?: string }): Promise<Target> {
  if (dist !== undefined && ohif !== undefined) {
    throw new UsageError('--dist and --ohif: expected one of the two.');
  }
  if (dist !== undefined) return prebuilt(dist);
  if (ohif !== undefined) return checkout(ohif);
  throw new UsageError(
    'Where to? Name --dist <folder of a prebuilt viewer> or --ohif <folder of a checkout of OHIF>.'
  );
}
