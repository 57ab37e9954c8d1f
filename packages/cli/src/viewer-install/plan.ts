import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectFile, SITE_FILES } from '../project-files.ts';
import { bytesOf, readRecord, sha256, type InstallRecord } from './record.ts';
import type { Target } from './target.ts';

/** One file that changes. */
export interface PlannedFile {
  /** Relative to the viewer's folder, with `/`. */
  readonly path: string;
  readonly content: Uint8Array;
  /** What is there now; undefined: nothing. */
  readonly now: Buffer | undefined;
  /** What was there before the first installation; undefined: nothing. */
  readonly before: Buffer | undefined;
  /** It is to be compared line by line. */
  readonly isText: boolean;
}

/** All that an installation does. */
export interface InstallPlan {
  readonly target: Target;
  /** In the order in which they are put in place; the one that turns the plug-in on comes last. */
  readonly files: readonly PlannedFile[];
  /** What an earlier installation left that this one does not have; taken away. */
  readonly obsolete: readonly string[];
  readonly previous: InstallRecord | undefined;
}

const PACKAGES = [
  { name: '@ohif-azure/extension-azure', folder: 'extensions/azure', list: 'extensions' },
  { name: '@ohif-azure/mode-azure', folder: 'modes/azure', list: 'modes' },
] as const;

type Wanted = readonly [path: string, content: Uint8Array, isText: boolean];

const bytes = (text: string) => new TextEncoder().encode(text);

async function filesOfDist(config: string | undefined): Promise<Wanted[]> {
  const plugins = await Promise.all(
    SITE_FILES.map(
      async ({ address, file }) => [address, await readFile(projectFile(file)), false] as const
    )
  );
  return config === undefined ? plugins : [...plugins, ['app-config.js', bytes(config), true]];
}

/** The list with our package in it, written as the file is written: its own indentation, and a line break at its end if it has one. */
function withPlugins(text: string): string {
  const plugins = JSON.parse(text) as Record<string, unknown[]>;
  for (const { name, list } of PACKAGES) {
    const entries = plugins[list] ?? [];
    const isThere = entries.some(
      entry => entry === name || (entry as { packageName?: unknown } | null)?.packageName === name
    );
    // Registered at start: a data source of an extension that a mode loads later never comes to be.
    if (!isThere) plugins[list] = [...entries, { packageName: name }];
  }
  const indent = /\n([ \t]+)/.exec(text)?.[1] ?? '  ';
  return JSON.stringify(plugins, null, indent) + (text.endsWith('\n') ? '\n' : '');
}

/** The package as a checkout's build takes it: the bundle that shares the host's React and cornerstone, and no sources. */
async function filesOfPackage(name: string, folder: string): Promise<Wanted[]> {
  const bundle = await readFile(projectFile(`${folder}/dist/index.umd.js`));
  const manifest = JSON.parse(
    await readFile(projectFile(`${folder}/package.json`), 'utf8')
  ) as Record<string, unknown>;
  const { version, description, license, keywords, peerDependencies } = manifest;
  const own = {
    name,
    version,
    description,
    license,
    keywords,
    main: 'dist/index.umd.js',
    peerDependencies,
  };
  return [
    [`node_modules/${name}/dist/index.umd.js`, bundle, false],
    [`node_modules/${name}/package.json`, bytes(`${JSON.stringify(own, null, 2)}\n`), true],
  ];
}

async function filesOfCheckout(folder: string, config: string | undefined): Promise<Wanted[]> {
  const plugins = 'platform/app/pluginConfig.json';
  const packages = await Promise.all(PACKAGES.map(one => filesOfPackage(one.name, one.folder)));
  const page = await Promise.all(
    SITE_FILES.filter(({ address }) => address.includes('doctor')).map(
      async ({ address, file }) =>
        [`platform/app/public/${address}`, await readFile(projectFile(file)), false] as const
    )
  );
  return [
    ...packages.flat(),
    ...page,
    ...(config === undefined
      ? []
      : [['platform/app/public/config/azure.js', bytes(config), true] as const]),
    [plugins, bytes(withPlugins(await readFile(path.join(folder, plugins), 'utf8'))), true],
  ];
}

/**
 * Plans an installation; nothing is written.
 * @param config - text of azure.js; undefined: the one that is there stays.
 */
export async function planInstallation(
  target: Target,
  config: string | undefined
): Promise<InstallPlan> {
  const previous = await readRecord(target);
  const wanted =
    target.kind === 'dist'
      ? await filesOfDist(config)
      : await filesOfCheckout(target.folder, config);
  const files = await Promise.all(
    wanted.map(async ([relative, content, isText]) => {
      const now = await bytesOf(path.join(target.folder, relative));
      const known = previous?.files.find(file => file.path === relative);
      const before = known ? known.before && Buffer.from(known.before, 'base64') : now;
      return { path: relative, content, now, before: before || undefined, isText };
    })
  );
  // What is in place already, and was before us, is not ours to take away.
  const kept = files.filter(({ content, before }) => !before || sha256(before) !== sha256(content));
  const isWanted = new Set(wanted.map(([relative]) => relative));
  const isKept = (relative: string) =>
    config === undefined && /(^|\/)(app-config|azure)\.js$/.test(relative);
  const obsolete = (previous?.files ?? [])
    .map(file => file.path)
    .filter(relative => !isWanted.has(relative) && !isKept(relative));
  return { target, files: kept, obsolete, previous };
}
