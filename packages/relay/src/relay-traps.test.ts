import type { ClientRequest, ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { call, open, seen } from '../testing/client.ts';
import { MARKER, Peers, storeJob } from '../testing/peers.ts';
import { REPLAY_BYTES } from './store-request.ts';

const S = '/servers/azure-dicom';
const JSON_TYPE = { 'content-type': 'application/dicom+json' };
const UI = (value: string) => ({ vr: 'UI', Value: [value] });
const refs = (count: number) => ({
  '00081199': {
    vr: 'SQ',
    Value: Array.from({ length: count }, (_, i) => ({ '00081155': UI(`1.${i}`) })),
  },
});
const stored = (count: number) => ({
  status: 200,
  headers: JSON_TYPE,
  body: JSON.stringify(refs(count)),
});
const closedLine = (outgoing: ClientRequest) =>
  new Promise<void>(resolve => outgoing.once('close', () => resolve()));

const FAILED = {
  status: 202,
  headers: JSON_TYPE,
  body: JSON.stringify({
    ...refs(1),
    '00081198': {
      vr: 'SQ',
      Value: [{ '00081155': UI('1.9'), '00081197': { vr: 'US', Value: [43_264] } }],
    },
  }),
};

describe('the traps of Orthanc jobs (orthanc 2.5)', () => {
  let peers: Peers;
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ohif-azure-test-'));
    peers = await new Peers().start({ dataFolder: folder });
  });
  afterEach(async () => {
    expect(peers.logLines.join('')).not.toContain(MARKER);
    await peers.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const post = (options: Parameters<typeof call>[2]) =>
    call(peers.relay.url, `${S}/studies`, options);
  /** The same job again, with fewer parts: as "Resubmit" does. */
  const shortened = (job: ReturnType<typeof storeJob>, ...parts: string[]) => {
    const again = storeJob(...parts);
    return {
      ...again.options,
      headers: job.options.headers,
      body: again.options.body.replaceAll(again.boundary, job.boundary),
    };
  };

  it('refuses a shortened body with the boundary of a request that failed', async () => {
    peers.answer = FAILED;
    const job = storeJob('a', 'b');
    expect(await post(job.options)).toMatchObject({ status: 202, body: FAILED.body });
    peers.answer = stored(1);
    const again = await post(shortened(job, 'b'));
    expect(again).toMatchObject({
      status: 409,
      body: expect.stringMatching(/send the study anew/),
    });
    expect(peers.received).toHaveLength(1);
    expect(peers.log.at(-1)).toMatchObject({ reason: 'reused-boundary' });
    expect(await post(storeJob('b').options)).toMatchObject({ status: 200 });
  });

  it('names the failed instances in the log, by their UIDs', async () => {
    peers.answer = FAILED;
    await post(storeJob('a', 'b').options);
    expect(peers.log).toContainEqual(
      expect.objectContaining({
        msg: 'instances not stored',
        failed: 1,
        instances: [{ sopInstanceUID: '1.9', failureReason: 43_264 }],
      })
    );
  });

  it('names all instances of a request that failed as a whole', async () => {
    peers.answer = { status: 403 };
    const uid = '1.2.840.1';
    const meta = Buffer.from([2, 0, 3, 0, 0x55, 0x49, 10, 0]);
    const value = Buffer.from(`${uid}\0`);
    const head = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, value]);
    await post(storeJob(`${head.toString('latin1')}\x08\0\0\0UL\x04\0xxxx`).options);
    expect(peers.log).toContainEqual(
      expect.objectContaining({ msg: 'instances not stored', instances: [{ sopInstanceUID: uid }] })
    );
  });

  // prettier-ignore
  const FAILURES: readonly (readonly [cite: string, answer: Peers['answer']])[] = [
    ['orthanc 2.5: early 503', { status: 503, body: 'busy' }],
    ['403', { status: 403 }],
    ['an answer that cannot be read', { status: 200, body: '<html>' }],
  ];
  it.each(FAILURES)('remembers the boundary after %s', async (_cite, answer) => {
    peers.answer = answer;
    const job = storeJob('a', 'b');
    await post(job.options);
    peers.answer = stored(1);
    expect((await post(shortened(job, 'b'))).status).toBe(409);
  });

  it('knows it after a restart too, and what was under way when the relay was killed', async () => {
    peers.answer = { status: 403 };
    const failed = storeJob('a');
    await post(failed.options);
    const held = new Promise<ServerResponse>(resolve => {
      peers.script = (request, response) => {
        request.resume();
        resolve(response);
      };
    });
    const underWay = storeJob('a', 'b');
    const left = post(underWay.options).catch(() => undefined);
    const response = await held;
    // A second relay on the same folder stands for the first one after kill -9.
    const next = await new Peers().start({ dataFolder: folder });
    next.answer = stored(1);
    const url = `${S}/studies`;
    expect((await call(next.relay.url, url, shortened(failed, 'a'))).status).toBe(409);
    expect((await call(next.relay.url, url, shortened(underWay, 'b'))).status).toBe(409);
    await next.stop();
    peers.script = request => void request.socket.destroy();
    response.destroy();
    await left;
  });

  it('lets a job go on that was paused: both requests went well', async () => {
    const job = storeJob('a');
    peers.answer = stored(1);
    expect((await post(job.options)).status).toBe(200);
    peers.answer = stored(2);
    expect((await post(shortened(job, 'b', 'c'))).status).toBe(200);
  });

  it('lets a job go on that was paused before its first part', async () => {
    const job = storeJob('a');
    const empty = { ...job.options, body: `--${job.boundary}--` };
    expect((await post(empty)).status).toBe(400);
    peers.answer = stored(1);
    expect((await post(job.options)).status).toBe(200);
  });

  it('lets a job end well that was paused when everything was sent', async () => {
    const job = storeJob('a', 'b');
    const empty = { ...job.options, body: `--${job.boundary}--` };
    peers.answer = stored(2);
    expect((await post(job.options)).status).toBe(200);
    expect(await post(empty)).toMatchObject({
      status: 200,
      body: '{"00081199":{"vr":"SQ","Value":[]}}',
    });
    expect(peers.received).toHaveLength(1);
    expect(peers.log.at(-1)).toMatchObject({ isResumed: true, instances: 0 });
  });

  it('refuses a job without parts of which anything has failed', async () => {
    const job = storeJob('a', 'b');
    const empty = { ...job.options, body: `--${job.boundary}--` };
    peers.answer = stored(2);
    await post(job.options);
    peers.answer = FAILED;
    await post(job.options);
    expect((await post(empty)).status).toBe(409);
  });

  it('remembers the boundary of a caller that went away', async () => {
    const job = storeJob('a');
    const outgoing = open(peers.relay.url, `${S}/studies`, { ...job.options, body: undefined });
    outgoing.on('error', () => undefined);
    outgoing.write(`--${job.boundary}\r\n\r\nx`);
    await new Promise<void>(resolve =>
      outgoing.once('socket', socket => socket.once('connect', resolve))
    );
    outgoing.destroy();
    const again = async (): Promise<number> => (await post(job.options)).status;
    peers.answer = stored(1);
    // The relay sees the end of that line in a turn of its own.
    let status = 200;
    for (let tries = 0; tries < 50 && status === 200; tries += 1) status = await again();
    expect([200, 409]).toContain(status);
  });

  it('lets a Store end that the service has as a whole when its caller goes away, and logs its outcome', async () => {
    let finish: () => void = () => undefined;
    const arrived = new Promise<void>(resolve => {
      peers.script = (request, response) => {
        request.resume();
        request.on('end', () => {
          finish = () => void response.writeHead(200, JSON_TYPE).end(JSON.stringify(refs(1)));
          resolve();
        });
      };
    });
    const job = storeJob('a');
    const outgoing = open(peers.relay.url, `${S}/studies`, job.options);
    outgoing.on('error', () => undefined);
    outgoing.end(job.options.body);
    await arrived;
    outgoing.destroy();
    await closedLine(outgoing);
    await call(peers.relay.url, '/health');
    await call(peers.relay.url, '/health');
    const closed = peers.relay.close();
    finish();
    await closed;
    expect(peers.log).toContainEqual(
      expect.objectContaining({ reason: 'caller-gone', stored: 1, upstreamStatus: 200 })
    );
  });

  it('counts a success that the caller did not get as a failure', async () => {
    const answered = new Promise<ServerResponse>(resolve => {
      peers.script = (request, response) => {
        request.resume();
        request.on('end', () => resolve(response));
      };
    });
    const job = storeJob('a');
    const outgoing = open(peers.relay.url, `${S}/studies`, job.options);
    outgoing.on('error', () => undefined);
    outgoing.end(job.options.body);
    const response = await answered;
    outgoing.destroy();
    await closedLine(outgoing);
    await call(peers.relay.url, '/health');
    response.writeHead(200, JSON_TYPE).end(JSON.stringify(refs(1)));
    await peers.logged('caller-gone');
    peers.script = undefined;
    peers.answer = stored(1);
    expect((await post(job.options)).status).toBe(409);
  });

  // prettier-ignore
  const BROKEN: readonly (readonly [cite: string, body: (boundary: string) => string])[] = [
    ['ends within a part', boundary => `--${boundary}\r\n\r\nx`],
    ['ends between parts', boundary => `--${boundary}\r\n\r\nx\r\n--${boundary}\r\n`],
    ['has a wrong boundary', () => '--other\r\n\r\nx\r\n--other--'],
    ['ends within a part, long', boundary => `--${boundary}\r\n\r\n${'x'.repeat(2 * REPLAY_BYTES)}`],
  ];
  it.each(BROKEN)('stores nothing of a body that %s', async (_cite, body) => {
    const { boundary, options } = storeJob('x');
    const answer = await post({ ...options, body: body(boundary) });
    expect(answer).toMatchObject({ status: 400, body: expect.stringMatching(/cannot be read/) });
    expect(peers.received).toEqual([]);
    expect((await post(options)).status).toBe(409);
  });
});

describe('a wrong password in the server entry', () => {
  it('is put right, and the job resubmitted: refused, since its body is shortened', async () => {
    const caller = { username: 'orthanc', password: MARKER };
    const peers = await new Peers().start({ caller });
    const { options } = storeJob('a');
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const post = (password: string) => {
      const headers = { ...options.headers, authorization: basic(`orthanc:${password}`) };
      return call(peers.relay.url, `${S}/studies`, { ...options, headers });
    };
    expect((await post('wrong')).status).toBe(401);
    expect((await post(MARKER)).status).toBe(409);
    await peers.stop();
  });
});

it('takes no new request while it stops', async () => {
  const peers = await new Peers().start();
  const held = new Promise<ServerResponse>(resolve => {
    peers.script = (_request, response) => resolve(response);
  });
  // One connection that is kept: a request under way on it does not need a new one.
  const first = seen(open(peers.relay.url, `${S}/studies`).end());
  const response = await held;
  const closed = peers.relay.close();
  response.end('late');
  await expect(first).resolves.toMatchObject({ body: 'late' });
  await closed;
  await expect(call(peers.relay.url, '/health')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await peers.stop();
});
