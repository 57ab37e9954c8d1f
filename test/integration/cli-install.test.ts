import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jsonLines, runCli } from '../support/run-cli.ts';

const STOCK = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@ohif/app/package.json')),
  'dist'
);
const CONFIG_FLAGS = [
  ...['--service-url', 'https://ws-svc.dicom.azurehealthcareapis.com'],
  ...['--tenant-id', '11111111-2222-4333-8444-555555555555'],
  ...['--client-id', '66666666-7777-4888-8999-000000000000'],
];

let scratch: string;
let dist: string;
let config: string;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'ohif-azure-install-'));
  config = path.join(scratch, 'azure.js');
  const made = await runCli(['config', ...CONFIG_FLAGS, '--out', config]);
  expect([made.status, made.stderr]).toEqual([0, expect.stringContaining('ohif-azure install')]);
}, 30_000);
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});
beforeEach(async () => {
  dist = await mkdtemp(path.join(scratch, 'dist-'));
  // Without the large parts that the viewer does not need to start.
  const isLarge = /(\.map|\/ort|\/dicom-microscopy-viewer)$/;
  await cp(STOCK, dist, { recursive: true, filter: source => !isLarge.test(source) });
});
afterEach(async () => {
  await rm(dist, { recursive: true, force: true });
});

/** Every file and folder below a folder, with its mode and content. */
async function treeOf(folder: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const { mode } = await stat(file);
    const content = entry.isFile()
      ? createHash('sha256')
          .update(await readFile(file))
          .digest('hex')
      : '';
    tree[path.relative(folder, file)] = `${mode.toString(8)} ${content}`;
  }
  return tree;
}
const install = (...args: string[]) =>
  runCli(['install', '--dist', dist, '--config', config, ...args]);
const uninstall = (...args: string[]) => runCli(['uninstall', '--dist', dist, ...args]);
const files = (tree: Record<string, string>) => Object.keys(tree);

describe('a prebuilt viewer', () => {
  it('gets plug-in, page and configuration, and is byte for byte as before after uninstall', async () => {
    const before = await treeOf(dist);
    const installed = await install();
    expect([installed.status, installed.stderr]).toEqual([
      0,
      expect.stringContaining('ohif-azure doctor'),
    ]);
    const after = await treeOf(dist);
    expect(
      files(after)
        .filter(file => !(file in before))
        .sort()
    ).toEqual([
      'doctor.html',
      'plugins',
      'plugins/ohif-azure',
      'plugins/ohif-azure/doctor.mjs',
      'plugins/ohif-azure/extension.mjs',
      'plugins/ohif-azure/installed.json',
      'plugins/ohif-azure/mode.mjs',
    ]);
    expect(files(after).filter(file => before[file] !== after[file] && file in before)).toEqual([
      'app-config.js',
    ]);
    expect(await readFile(path.join(dist, 'app-config.js'), 'utf8')).toBe(
      await readFile(config, 'utf8')
    );
    expect((await uninstall()).status).toBe(0);
    expect(await treeOf(dist)).toEqual(before);
  }, 60_000);

  it('--dry-run shows the difference and changes nothing', async () => {
    const before = await treeOf(dist);
    const { stdout, status } = await install('--dry-run');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\+ plugins\/ohif-azure\/extension\.mjs \(\d+ kB\)$/m);
    expect(stdout).toMatch(/^~ app-config\.js/m);
    expect(stdout).toMatch(/^ +-.*config\/default\.js/m);
    expect(stdout).toMatch(/^ +\+.*ws-svc\.dicom\.azurehealthcareapis\.com/m);
    expect(await treeOf(dist)).toEqual(before);
  }, 60_000);

  it('installed twice changes nothing the second time; a new configuration replaces the old one', async () => {
    const before = await treeOf(dist);
    await install();
    const once = await treeOf(dist);
    expect((await install()).stdout).toContain('nothing to do');
    expect(await treeOf(dist)).toEqual(once);
    const other = path.join(scratch, 'other.js');
    await runCli([
      'config',
      ...CONFIG_FLAGS,
      '--friendly-name',
      'Archive of the clinic',
      '--out',
      other,
      '--force',
    ]);
    const { stdout } = await runCli(['install', '--dist', dist, '--config', other, '--json']);
    expect(jsonLines(stdout)[0]).toMatchObject({ changed: ['app-config.js'], added: [] });
    expect((await uninstall()).status).toBe(0);
    expect(await treeOf(dist)).toEqual(before);
  }, 60_000);

  it('uninstall notices what was changed since, and loses it only when told to', async () => {
    const before = await treeOf(dist);
    await install();
    await writeFile(path.join(dist, 'app-config.js'), '// changed by hand\n', { flag: 'a' });
    const changed = await treeOf(dist);
    const refused = await uninstall();
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/app-config\.js[\s\S]*--force/),
    ]);
    expect(await treeOf(dist)).toEqual(changed);
    const again = await install();
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('app-config.js')]);
    expect((await uninstall('--force')).status).toBe(0);
    expect(await treeOf(dist)).toEqual(before);
  }, 60_000);

  it('leaves the files of others in its folder alone', async () => {
    await install();
    await writeFile(path.join(dist, 'plugins/ohif-azure/mine.txt'), 'mine');
    expect((await uninstall()).status).toBe(0);
    expect(await readFile(path.join(dist, 'plugins/ohif-azure/mine.txt'), 'utf8')).toBe('mine');
  }, 60_000);

  it('killed at any moment, it can be uninstalled to what was there, and the viewer is never half', async () => {
    const before = await treeOf(dist);
    const ours = createHash('sha256')
      .update(await readFile(config))
      .digest('hex');
    for (const delayMs of [150, 250, 300, 350, 400, 450, 500, 600]) {
      await runCli(['install', '--dist', dist, '--config', config], {
        onStart: child => void setTimeout(() => child.kill('SIGKILL'), delayMs),
      });
      const tree = await treeOf(dist);
      if (tree['app-config.js']?.endsWith(ours)) {
        expect(files(tree)).toContain('plugins/ohif-azure/extension.mjs');
        expect(files(tree)).toContain('plugins/ohif-azure/mode.mjs');
      } else expect(tree['app-config.js']).toBe(before['app-config.js']);
      await uninstall('--force');
      expect(await treeOf(dist)).toEqual(before);
    }
  }, 90_000);

  it('a configuration with mistakes is refused, all of them at once', async () => {
    const before = await treeOf(dist);
    const shipped = path.resolve(import.meta.dirname, '../../platform-config/azure.js');
    const { status, stderr } = await runCli(['install', '--dist', dist, '--config', shipped]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/serviceUrl[\s\S]*tenantId[\s\S]*clientId/);
    expect(await treeOf(dist)).toEqual(before);
  }, 60_000);

  it('needs a configuration where the viewer has none of ours, and keeps the one that is there', async () => {
    const none = await runCli(['install', '--dist', dist]);
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('--config <file>')]);
    await install();
    const kept = await runCli(['install', '--dist', dist, '--json']);
    expect(jsonLines(kept.stdout)[0]).toMatchObject({ added: [], changed: [], removed: [] });
  }, 60_000);
});

/** What is no viewer: nothing may be touched there. */
const REFUSED: [what: string, files: Record<string, string>, says: RegExp][] = [
  ['an empty folder', {}, /no index\.html/],
  ['another site', { 'index.html': '<title>Clinic</title>' }, /title/],
  [
    'a viewer built for another path',
    { 'index.html': '<title>OHIF Viewer</title><script src="/ohif/app-config.js">' },
    /another path/,
  ],
  [
    'a viewer without configuration',
    { 'index.html': '<title>OHIF Viewer</title><script src="/app-config.js">' },
    /no app-config\.js/,
  ],
];
it.each(REFUSED)(
  '--dist refuses %s',
  async (_what, content, says) => {
    const folder = await mkdtemp(path.join(scratch, 'other-'));
    for (const [name, text] of Object.entries(content))
      await writeFile(path.join(folder, name), text);
    const before = await treeOf(folder);
    const { status, stderr } = await runCli(['install', '--dist', folder, '--config', config]);
    expect([status, stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(await treeOf(folder)).toEqual(before);
  },
  30_000
);

describe('a checkout of OHIF', () => {
  let checkout: string;
  const PLUGINS = `{\n    "extensions": [\n        { "packageName": "@ohif/extension-default" }\n    ],\n    "modes": [ { "packageName": "@ohif/mode-basic" } ],\n    "public": []\n}`;

  beforeEach(async () => {
    checkout = await mkdtemp(path.join(scratch, 'ohif-'));
    await mkdir(path.join(checkout, 'platform/app/public/config'), { recursive: true });
    await writeFile(path.join(checkout, 'platform/app/package.json'), '{"name": "@ohif/app"}');
    await writeFile(path.join(checkout, 'platform/app/pluginConfig.json'), PLUGINS);
  });

  it('gets both packages, the configuration and its entries, and is as before after uninstall', async () => {
    const before = await treeOf(checkout);
    const { status } = await runCli(['install', '--ohif', checkout, '--config', config]);
    expect(status).toBe(0);
    const plugins = JSON.parse(
      await readFile(path.join(checkout, 'platform/app/pluginConfig.json'), 'utf8')
    );
    expect(plugins).toEqual({
      extensions: [
        { packageName: '@ohif/extension-default' },
        { packageName: '@ohif-azure/extension-azure' },
      ],
      modes: [{ packageName: '@ohif/mode-basic' }, { packageName: '@ohif-azure/mode-azure' }],
      public: [],
    });
    const required = createRequire(path.join(checkout, 'platform/app/index.js'));
    for (const name of ['@ohif-azure/extension-azure', '@ohif-azure/mode-azure']) {
      expect(required.resolve(name)).toMatch(/dist[/\\]index\.umd\.js$/);
    }
    expect(await readFile(path.join(checkout, 'platform/app/public/config/azure.js'), 'utf8')).toBe(
      await readFile(config, 'utf8')
    );
    expect((await runCli(['uninstall', '--ohif', checkout])).status).toBe(0);
    expect(await treeOf(checkout)).toEqual(before);
  }, 30_000);

  it('refuses what is none', async () => {
    await writeFile(path.join(checkout, 'platform/app/package.json'), '{"name": "other"}');
    const { status, stderr } = await runCli(['install', '--ohif', checkout, '--config', config]);
    expect([status, stderr]).toEqual([2, expect.stringContaining('not of @ohif/app')]);
  }, 30_000);
});

describe('config', () => {
  it('tells every mistake at once by its flag, and writes nothing', async () => {
    const out = path.join(scratch, 'wrong.js');
    const { status, stderr } = await runCli([
      'config',
      '--service-url',
      'https://a.example/v2',
      '--tenant-id',
      '<tenant>',
      '--api-version',
      'v3',
      '--out',
      out,
    ]);
    expect(status).toBe(2);
    for (const flag of ['--service-url', '--tenant-id', '--client-id', '--api-version'])
      expect(stderr).toContain(`  ${flag}: found`);
    await expect(stat(out)).rejects.toThrow('ENOENT');
  });

  it('writes what doctor finds right, with every kind of setting', async () => {
    const out = path.join(scratch, 'full.js');
    const more = [
      '--institution-name',
      'St. Mary\'s "North"\\',
      '--scopes',
      'openid,profile',
      '--share-tokens-accept',
      'false',
      '--sign-in-when',
      'save',
      '--partition',
      'p1',
    ];
    expect((await runCli(['config', ...CONFIG_FLAGS, ...more, '--out', out])).status).toBe(0);
    const { stdout } = await runCli(['doctor', '--json', '--config', out], {
      env: { DICOM_SERVICE_URL: 'http://127.0.0.1:9/v2' },
    });
    expect(jsonLines(stdout)[0]).toMatchObject({ check: 'config', status: 'ok' });
    const text = await readFile(out, 'utf8');
    expect(text).toContain(`institutionName: 'St. Mary\\'s "North"\\\\'`);
    expect(text).not.toMatch(/<[a-z ()]+>'/);
  }, 30_000);

  it('does not replace a file unless told to', async () => {
    const { status, stderr } = await runCli(['config', ...CONFIG_FLAGS, '--out', config]);
    expect([status, stderr]).toEqual([2, expect.stringContaining('--force')]);
  });
});
