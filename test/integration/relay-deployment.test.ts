import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { relaySettingRows } from '@ohif-azure/relay';
import { orthancConfiguration } from '../support/proxy-scene.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FOLDER = path.join(ROOT, 'platform-config/orthanc');
const ANALYZE = ['/usr/bin/systemd-analyze', '/bin/systemd-analyze'].find(existsSync);
const DEBIAN_UNIT = '/lib/systemd/system/orthanc.service';
/** Values for all variables that the files take from elsewhere. */
const VALUES: Readonly<Record<string, string>> = {
  ORTHANC_USERNAME: 'clinic',
  ORTHANC_PASSWORD: 'MARKER-clinic',
  RELAY_USERNAME: 'orthanc',
  RELAY_PASSWORD: 'MARKER-relay',
  OAUTH_CLIENT_ID: 'relay',
  OAUTH_CLIENT_SECRET: 'MARKER-secret',
  OAUTH_TOKEN_ENDPOINT: 'https://identity.example/token',
  DICOM_SERVICE_URL: 'https://service.example/v2',
};
const KNOWN = new Set(relaySettingRows().flatMap(({ env }) => env));

/** `[Section]` and `Key=value` lines; comments are left out. */
async function unit(name: string): Promise<{ comments: string; keys: Record<string, string[]> }> {
  const lines = (await readFile(path.join(FOLDER, 'package', name), 'utf8')).split('\n');
  const keys: Record<string, string[]> = {};
  for (const line of lines) {
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined) keys[key] = [...(keys[key] ?? []), value ?? ''];
  }
  return { comments: lines.filter(line => line.startsWith('#')).join(' '), keys };
}
const variablesIn = (text: string): string[] => text.match(/\b[A-Z]+_[A-Z_]+\b/g) ?? [];

/** Starts a command as a supervisor does, waits for `ready`, ends it with SIGTERM. @returns what it printed, and its exit status. */
async function runs(
  [program = '', ...args]: readonly string[],
  cwd: string,
  env: Record<string, string>
): Promise<{ out: string; status: number | null }> {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  let isAsked = false;
  const note = (chunk: Buffer): void => {
    out += chunk.toString();
    if (isAsked || !/^ready relay=/m.test(out)) return;
    // Once: a second signal ends it at once.
    isAsked = true;
    child.kill('SIGTERM');
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  return { status: await ended, out };
}

describe('the systemd units', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-units-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  (ANALYZE && existsSync(DEBIAN_UNIT) ? it : it.skip)(
    'have no mistake that systemd-analyze finds, the drop-in together with the unit of the Debian package',
    async () => {
      const units = path.join(folder, 'units');
      await mkdir(path.join(units, 'orthanc.service.d'), { recursive: true });
      const from = (name: string) => path.join(FOLDER, 'package', name);
      await copyFile(
        from('ohif-azure-relay.service'),
        path.join(units, 'ohif-azure-relay.service')
      );
      await copyFile(
        from('orthanc.service.conf'),
        path.join(units, 'orthanc.service.d/azure.conf')
      );
      await copyFile(DEBIAN_UNIT, path.join(units, 'orthanc.service'));
      const verify = (name: string) =>
        spawnSync(ANALYZE ?? '', ['verify', '--man=no', name], {
          env: { ...process.env, SYSTEMD_UNIT_PATH: `${units}:` },
          encoding: 'utf8',
        });
      for (const name of ['ohif-azure-relay.service', 'orthanc.service']) {
        const { status, stderr } = verify(name);
        const ours = stderr.split('\n').filter(line => line.includes(units));
        expect({ name, status, ours }).toEqual({ name, status: 0, ours: [] });
      }
      // It does read the drop-in.
      await appendFile(path.join(units, 'orthanc.service.d/azure.conf'), '\nNoSuchKey=1\n');
      expect(verify('orthanc.service').stderr).toContain('NoSuchKey');
    },
    30_000
  );

  it('name settings that there are, and give what is being sent time to end', async () => {
    const { comments, keys } = await unit('ohif-azure-relay.service');
    const names = variablesIn(comments);
    expect(names).toEqual(expect.arrayContaining(['OAUTH_CLIENT_SECRET', 'RELAY_PASSWORD']));
    expect(names.filter(name => !KNOWN.has(name))).toEqual([]);
    const stopSeconds = Number(/RELAY_STOP_SECONDS \((\d+)\)/.exec(comments)?.[1]);
    const row = relaySettingRows().find(({ env }) => env.includes('RELAY_STOP_SECONDS'));
    expect(String(row?.default)).toContain(String(stopSeconds));
    expect(Number(keys['TimeoutStopSec']?.[0])).toBeGreaterThan(stopSeconds);
  });

  it('give Orthanc the variables that its configuration takes', async () => {
    const { comments } = await unit('orthanc.service.conf');
    const text = JSON.stringify(await orthancConfiguration('package'));
    const taken = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '');
    expect(taken.length).toBeGreaterThan(0);
    expect(variablesIn(comments)).toEqual(expect.arrayContaining(taken));
  });

  it('start a relay that is ready and ends well at SIGTERM', async () => {
    const { comments, keys } = await unit('ohif-azure-relay.service');
    // As `npm install --global` puts it.
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    await symlink(path.join(ROOT, 'packages/cli/bin/ohif-azure.js'), path.join(bin, 'ohif-azure'));
    const environmentFile = variablesIn(comments).flatMap(name =>
      VALUES[name] === undefined ? [] : [[name, VALUES[name]] as const]
    );
    const ofUnit = (keys['Environment'] ?? []).map(text => text.split('=') as [string, string]);
    expect(ofUnit).toEqual([['RELAY_DATA', `/var/lib/${keys['StateDirectory']?.[0]}`]]);
    const { out, status } = await runs(keys['ExecStart']?.[0]?.split(' ') ?? [], folder, {
      PATH: `${bin}:${path.dirname(process.execPath)}:/usr/bin:/bin`,
      ...Object.fromEntries([...environmentFile, ...ofUnit]),
      RELAY_DATA: path.join(folder, 'state'),
      RELAY_PORT: '0',
    });
    expect(out).toMatch(/^ready relay=http:\/\/127\.0\.0\.1:\d+$/m);
    expect(status).toBe(0);
    expect(out).not.toContain('MARKER');
  }, 30_000);
});

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly working_dir?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly ports?: readonly string[];
  readonly stop_grace_period?: string;
  readonly restart: string;
}
interface Compose {
  readonly services: Readonly<Record<'orthanc' | 'relay', Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}
/** Of the Compose Specification, what the file uses. */
const SERVICE_KEYS =
  'command entrypoint environment image ports restart stop_grace_period volumes working_dir'.split(
    ' '
  );

describe('the compose file', () => {
  const folder = path.join(FOLDER, 'container');
  let text: string;
  let compose: Compose;
  beforeAll(async () => {
    const { load } = createRequire(import.meta.url)('js-yaml') as { load(yaml: string): unknown };
    text = await readFile(path.join(folder, 'compose.yaml'), 'utf8');
    compose = load(text) as Compose;
  });
  const filledIn = ({ environment }: Service): Record<string, string> =>
    Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value.replace(/\$\{(\w+)\}/g, (_, wanted: string) => VALUES[wanted] ?? 'UNKNOWN'),
      ])
    );

  it('has the members of the Compose Specification, and texts where texts are wanted', () => {
    expect(Object.keys(compose).sort()).toEqual(['services', 'volumes']);
    for (const service of Object.values(compose.services)) {
      const unknown = Object.keys(service).filter(key => !SERVICE_KEYS.includes(key));
      expect(unknown).toEqual([]);
      const values = [...Object.values(service.environment), ...(service.ports ?? [])];
      expect(values.filter(value => typeof value !== 'string')).toEqual([]);
    }
  });

  it('takes from .env what its first lines name, all of it and nothing else', () => {
    const named = variablesIn(text.slice(0, text.indexOf('services:')));
    const used = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '');
    expect([...new Set(named)].sort()).toEqual([...new Set(used)].sort());
  });

  it('mounts files and volumes that there are', () => {
    for (const { volumes } of Object.values(compose.services)) {
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        const isThere = source.startsWith('.')
          ? existsSync(path.resolve(folder, source))
          : source in compose.volumes;
        expect({ volume, isThere }).toEqual({ volume, isThere: true });
      }
    }
  });

  it('goes with the configuration of Orthanc: ports, folders, variables, the address of the relay', async () => {
    const { orthanc, relay } = compose.services;
    const settings = (await orthancConfiguration('container')) as {
      HttpPort: number;
      DicomPort: number;
      StorageDirectory: string;
      DicomWeb: { Servers: Record<string, { Url: string }> };
    };
    expect(orthanc.ports).toEqual([
      `${settings.DicomPort}:${settings.DicomPort}`,
      `127.0.0.1:${settings.HttpPort}:${settings.HttpPort}`,
    ]);
    expect(orthanc.volumes.map(volume => volume.split(':')[1])).toEqual([
      orthanc.entrypoint?.at(-1),
      settings.StorageDirectory,
    ]);
    const taken = [...JSON.stringify(settings).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(orthanc.environment)).toEqual(expect.arrayContaining(taken));
    const port = relaySettingRows().find(({ env }) => env.includes('RELAY_PORT'))?.default;
    const { hostname, port: asked } = new URL(settings.DicomWeb.Servers['azure-dicom']?.Url ?? '');
    expect(compose.services).toHaveProperty(hostname);
    expect(String(port)).toContain(asked);
    expect(relay.environment['ORTHANC_URL']).toBe(`http://orthanc:${settings.HttpPort}`);
    expect(Object.keys(relay.environment).filter(name => !KNOWN.has(name))).toEqual([]);
  });

  it('starts a relay that is ready, as wide as it has to, and ends well at SIGTERM', async () => {
    const { relay } = compose.services;
    const [checkout] = relay.volumes.map(volume => volume.split(':'));
    expect(checkout?.[1]).toBe(relay.working_dir);
    const data = await mkdtemp(path.join(tmpdir(), 'ohif-azure-compose-'));
    const { out, status } = await runs(
      relay.command ?? [],
      path.resolve(folder, checkout?.[0] ?? ''),
      {
        PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
        ...filledIn(relay),
        RELAY_DATA: data,
        RELAY_PORT: '0',
      }
    );
    await rm(data, { recursive: true, force: true });
    expect(out).toMatch(/^ready relay=http:\/\/0\.0\.0\.0:\d+$/m);
    expect(status).toBe(0);
    expect(out).not.toContain('MARKER');
    const { node } = process.versions;
    expect(Number(/^node:(\d+)/.exec(relay.image)?.[1])).toBeLessThanOrEqual(parseInt(node, 10));
    expect(parseInt(relay.stop_grace_period ?? '', 10)).toBeGreaterThan(80);
  }, 30_000);
});
