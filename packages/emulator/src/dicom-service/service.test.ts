import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen } from '../http/listen.ts';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import { startTestService, endTestServices } from '../testing/test-service.ts';
import type { TestService } from '../testing/test-service.ts';
import { startDicomService } from './start.ts';

afterAll(endTestServices);

const IDENTITY = { issuers: ['https://sts.example.org/'], jwksUri: 'https://example.org/keys' };
const ORIGIN = { origin: 'http://localhost:3000' };
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ auth: 'claims', identity: IDENTITY, testHooks: true });
});
afterAll(() => service.end());

describe('routing (reference 0.1, 0.3)', () => {
  it.each([
    ['GET', '/studies', 404],
    ['GET', '/v3/studies', 404],
    ['GET', '/', 404],
    ['GET', '/v2', 404],
    ['GET', '/v2/unknown', 404],
    ['DELETE', '/v2/studies', 405],
    ['PATCH', '/v2/studies/1.2', 405],
    ['GET', '/v2/studies', 401],
    ['GET', '/V2/studies', 404],
    ['GET', '/v1.0/Studies', 401],
    ['GET', '/health/check', 200],
  ])('%s %s: %i', async (method, path, status) => {
    expect(await service.send(path, { method })).toMatchObject({ status });
  });
});

it('every answer has the base headers (reference 0.4)', async () => {
  for (const path of ['/v2/studies', '/nowhere', '/v2/studies?a=%3C']) {
    expect((await service.send(path)).headers).toMatchObject({
      'api-supported-versions': '1.0, 2.0',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'content-security-policy': "frame-src 'self';",
    });
  }
});

it('refuses < before it asks who it is (reference 0.7)', async () => {
  const answer = await service.send('/v2/studies?PatientName=%3c');
  expect(answer).toMatchObject({
    status: 400,
    text: 'The query string included invalid characters.',
  });
});

describe('CORS (reference 5)', () => {
  const preflight = {
    ...ORIGIN,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };

  it('a preflight needs no access token', async () => {
    const answer = await service.send('/v2/studies', { method: 'OPTIONS', headers: preflight });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-allow-methods': 'DELETE, GET, OPTIONS, PATCH, POST, PUT',
      'access-control-max-age': '1440',
    });
  });

  it('errors can be read, and no header is exposed', async () => {
    const answer = await service.send('/v2/studies', { headers: ORIGIN });
    expect(answer.status).toBe(401);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.headers).not.toHaveProperty('access-control-expose-headers');
  });

  it('named origins only', async () => {
    const strict = await startTestService({ corsOrigins: ['http://localhost:3000'] });
    const allowed = await strict.send('/v2/studies', { headers: ORIGIN });
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN.origin,
      vary: 'Origin',
    });
    const headers = { ...preflight, origin: 'https://evil.example' };
    const other = await strict.send('/v2/studies', { method: 'OPTIONS', headers });
    expect(other.status).toBe(204);
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
    expect(other.headers).not.toHaveProperty('access-control-allow-methods');
    await strict.end();
  });
});

it('test hooks: injected answers carry CORS headers, and requests are recorded', async () => {
  const fault = { match: { path: '^/v2/studies$' }, status: 503, body: 'busy', times: 1 };
  await service.send('/_test/faults', { method: 'POST', body: JSON.stringify(fault) });
  await service.send('/_test/requests', { method: 'DELETE' });
  const answer = await service.send('/v2/studies', { headers: ORIGIN });
  expect(answer).toMatchObject({ status: 503, text: 'busy' });
  expect(answer.headers['access-control-allow-origin']).toBe('*');
  const records = await service.send('/_test/requests');
  expect(records.json()).toEqual([
    { method: 'GET', path: '/v2/studies', status: 503, credential: 'none' },
  ]);
});

describe('without authentication', () => {
  let open: TestService;
  beforeAll(async () => {
    open = await startTestService({ latencyMs: 25 });
  });
  afterAll(() => open.end());

  // What is not there says so; test/conformance has what is. [reference 4]
  it.each([
    ['POST', '/v2/workitems/1.2/subscribers/AE', 'subscriptions to work items'],
    ['GET', '/v2/api.json', 'the OpenAPI description'],
    ['GET', '/v1/api.yaml', 'the OpenAPI description'],
  ])('%s %s: 501', async (method, path, feature) => {
    const answer = await open.send(path, { method, body: method === 'GET' ? undefined : '{}' });
    expect(answer).toMatchObject({ status: 501, text: `This emulator does not have ${feature}.` });
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it('latencyMs delays DICOM requests', async () => {
    const start = performance.now();
    expect(await open.send('/v2/studies')).toMatchObject({ status: 204 });
    expect(performance.now() - start).toBeGreaterThanOrEqual(24);
  });

  it('latencyMs does not delay preflights', async () => {
    const slow = await startTestService({ latencyMs: 600_000 });
    const headers = { ...ORIGIN, 'access-control-request-method': 'GET' };
    const answer = await slow.send('/v2/studies', { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    await slow.end();
  });

  it('deletes at three levels, then 404 (reference 4)', async () => {
    const put = async (series: string, instance: string) => {
      const uids = {
        '0020000D': ['UI', '1.9'],
        '0020000E': ['UI', series],
        '00080018': ['UI', instance],
      } as const;
      expect(await open.storeFile(buildPart10(instanceElements(uids)))).toBe('stored');
    };
    for (const [series, instance] of [
      ['1', '1'],
      ['1', '2'],
      ['2', '3'],
      ['3', '4'],
    ] as const)
      await put(series, instance);
    const study = '/v2/studies/1.9';
    const rows: [string, number, string][] = [
      [`${study}/series/1/instances/1`, 3, 'The specified instance cannot be found.'],
      [`${study}/series/2`, 2, 'The specified series cannot be found.'],
      [study, 0, 'The specified study cannot be found.'],
    ];
    for (const [path, left, text] of rows) {
      const accept = { headers: { accept: undefined } };
      expect(await open.send(path, { method: 'DELETE', ...accept })).toMatchObject({
        status: 204,
        text: '',
      });
      expect(open.instanceCount()).toBe(left);
      expect(await open.send(path, { method: 'DELETE' })).toMatchObject({ status: 404, text });
    }
    await put('1', '1');
    await open.send(study, { method: 'DELETE' });
  });

  it('answers on a kept-alive line after a refused body', async () => {
    for (let count = 0; count < 3; count += 1) {
      const answer = await fetch(`${open.url}/v2/studies`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/related; boundary=b' },
        body: `--b\r\nContent-Type: text/plain\r\n\r\n${'x'.repeat(300_000)}\r\n--b--\r\n${'e'.repeat(100_000)}`,
      });
      expect(answer.status).toBe(415);
      await answer.text();
    }
  });
});

it('metadata of 200 instances within 300 ms, and starts with them within a second', async () => {
  const first = await startTestService();
  const uids = { '0020000D': ['UI', '1.2'], '0020000E': ['UI', '1.3'] } as const;
  for (let count = 0; count < 200; count += 1) {
    await first.storeFile(buildPart10(instanceElements(uids)));
  }
  const before = performance.now();
  expect((await first.send('/v2/studies/1.2/series/1.3/metadata')).json()).toHaveLength(200);
  expect(performance.now() - before).toBeLessThan(300);
  await first.close();
  const start = performance.now();
  const second = await startTestService({ dataDir: first.dataDir });
  expect(performance.now() - start).toBeLessThan(1000);
  expect(second.instanceCount()).toBe(200);
  await second.end();
}, 20_000);

it('imports a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  const file = buildPart10(instanceElements());
  await writeFile(join(folder, 'a.dcm'), file);
  await writeFile(join(folder, 'b'), file);
  await writeFile(join(folder, 'c.txt'), 'notes');
  await writeFile(
    join(folder, 'd.dcm'),
    buildPart10(instanceElements({ '00100020': undefined, '00100010': ['PN', 'Secret'] }))
  );
  await writeFile(join(folder, 'e.dcm'), file.subarray(0, 300));
  const open = await startTestService();
  expect(await open.importFolder(folder)).toEqual({
    stored: 1,
    alreadyStored: 1,
    rejected: [
      { file: 'd.dcm', reason: 'FailureReason 43264 (0xA900): (0010,0020)' },
      { file: 'e.dcm', reason: 'FailureReason 43264 (0xA900): not a readable Part 10 file' },
    ],
    notDicom: 1,
  });
  await open.end();
  await rm(folder, { recursive: true });
});

describe('refuses to start', () => {
  it.each([
    ['test hooks in the open', { testHooks: true, host: '0.0.0.0' }, 'ERR_EMULATOR_OPTION'],
    ['no identity', { auth: 'signature' }, 'ERR_EMULATOR_OPTION'],
    ['no such level', { auth: 'full' }, 'ERR_EMULATOR_OPTION'],
    ['no such profile', { profile: 'x' }, 'ERR_EMULATOR_OPTION'],
    [
      'keys without a URL',
      { auth: 'claims', identity: { issuers: [], jwksUri: 'keys' } },
      'ERR_EMULATOR_OPTION',
    ],
    ['latency NaN', { latencyMs: Number.NaN }, 'ERR_EMULATOR_OPTION'],
    [
      'a data folder which is a file',
      { dataDir: import.meta.filename },
      'ERR_EMULATOR_DATA_FOLDER',
    ],
  ])('%s', async (_, options, code) => {
    const starting = startTestService(options as object);
    await expect(starting).rejects.toMatchObject({ name: 'EmulatorStartError', code });
    await expect(starting).rejects.toThrow(/^[^\n]+$/);
  });

  it('a port which is in use, without touching the data folder', async () => {
    const other = createServer();
    const port = await listen(other, { host: '127.0.0.1', port: 0, what: 'other' });
    const dataDir = join(tmpdir(), `never-made-${process.pid}`);
    await expect(startDicomService({ auth: 'none', port, dataDir })).rejects.toMatchObject({
      code: 'ERR_EMULATOR_PORT_IN_USE',
    });
    await expect(rm(dataDir, { recursive: true })).rejects.toMatchObject({ code: 'ENOENT' });
    other.close();
  });
});
