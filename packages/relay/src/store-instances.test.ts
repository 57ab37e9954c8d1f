import { call } from '../testing/client.ts';
import { partsOf, Peers, type Script, storeJob } from '../testing/peers.ts';
import type { RelayContext } from './relay-part.ts';
import type { InstanceToStore, StoreServer } from './store-server.ts';

const S = '/servers/azure-dicom';
const UI = (value: string) => ({ vr: 'UI', Value: [value] });
const US = (value: number) => ({ vr: 'US', Value: [value] });
const sq = (...items: object[]) => ({ vr: 'SQ', Value: items });
const ref = (uid: string, more = {}) => ({ '00081155': UI(uid), ...more });

/** A Part 10 stream with File Meta Information of one element, and this data set. */
function part10(uid: string, dataSet = 'data set'): Buffer {
  const value = Buffer.from(uid.length % 2 === 0 ? uid : `${uid}\0`);
  const head = Buffer.from([2, 0, 3, 0, 0x55, 0x49, value.length, 0]);
  const group8 = Buffer.from([8, 0, 0x60, 0, 0x43, 0x53, 2, 0, 0x43, 0x54]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    head,
    value,
    group8,
    Buffer.from(dataSet),
  ]);
}

const instance = (bytes: Buffer): InstanceToStore => ({
  bytes: bytes.length,
  async *open() {
    yield bytes.subarray(0, 100);
    yield bytes.subarray(100);
  },
});

describe('storeInstances', () => {
  let peers: Peers;
  let server: StoreServer;
  const start = async (options: Parameters<Peers['start']>[0] = {}): Promise<void> => {
    const take = async ({ servers }: RelayContext) => {
      server = servers.get('azure-dicom')!;
      return undefined;
    };
    peers = await new Peers().start({ ...options, parts: [take] });
  };
  afterEach(() => peers.stop());
  const answer = (status: number, dataset: object): void => {
    peers.answer = { status, body: JSON.stringify(dataset) };
  };

  it('gives one outcome for each instance, in order', async () => {
    await start();
    const [one, two, three, four, five, six] = ['1.1', '1.2', '1.3', '1.4', '1.5', '1.6'];
    answer(202, {
      '00081199': sq(ref(two), ref(one, { '00081196': US(1) })),
      '00081198': sq(
        ref(three, { '00081197': US(45_070) }),
        ref(four, { '00081197': US(43_264) }),
        { '00081197': US(272) }
      ),
    });
    const uids = [one, two, three, four, five];
    const report = await server.storeInstances([...uids.map(uid => instance(part10(uid)))]);
    expect(report).toEqual({
      instances: [
        { outcome: 'storedWithWarnings', sopInstanceUID: one, warningReason: 1 },
        { outcome: 'stored', sopInstanceUID: two },
        // Not found by a search: not known to be the same.
        {
          outcome: 'rejected',
          duplicate: 'notCompared',
          sopInstanceUID: three,
          failureReason: 45_070,
        },
        { outcome: 'rejected', sopInstanceUID: four, failureReason: 43_264 },
        { outcome: 'rejected', sopInstanceUID: five, failureReason: 272 },
      ],
    });
    answer(202, { '00081199': sq(ref(one)) });
    await expect(
      server.storeInstances([one, six].map(uid => instance(part10(uid))))
    ).resolves.toEqual({
      instances: [
        { outcome: 'stored', sopInstanceUID: one },
        { outcome: 'unknown', sopInstanceUID: six },
      ],
    });
    expect(peers.received.filter(({ method }) => method === 'POST').map(partsOf)[1]).toEqual(
      [one, six].map(uid => part10(uid).toString('latin1'))
    );
  });

  // prettier-ignore
  const FAILURES: readonly (readonly [cite: string, status: number, headers: Record<string, string>, failure: object, outcome: string])[] = [
    ['503', 503, { 'retry-after': '99' }, { reason: 'service', upstreamStatus: 503, retry: 'transient', retryAfterMs: 99_000 }, 'notSent'],
    ['401', 401, {}, { reason: 'access-token-refused', upstreamStatus: 401, retry: 'transient' }, 'notSent'],
    ['403: a role may be assigned yet', 403, {}, { reason: 'service', upstreamStatus: 403, retry: 'transient' }, 'notSent'],
    ['400', 400, {}, { reason: 'service', upstreamStatus: 400, retry: 'permanent' }, 'notSent'],
    ['409 as text', 409, {}, undefined as unknown as object, 'unknown'],
  ];
  it.each(FAILURES)(
    'tells a failure as a whole: %s',
    async (_cite, status, headers, failure, outcome) => {
      await start();
      peers.answer = { status, headers, body: 'x' };
      const report = await server.storeInstances([instance(part10('1.1'))]);
      expect(report.instances).toEqual([{ outcome, sopInstanceUID: '1.1' }]);
      if (failure) expect(report.failure).toMatchObject(failure);
      else expect(report).not.toHaveProperty('failure');
    }
  );

  it('tells that there was no connection, and what was lost', async () => {
    await start({ server: { serviceUrl: 'http://127.0.0.1:1/v2' } });
    const report = await server.storeInstances([instance(part10('1.1'))]);
    expect(report).toMatchObject({
      instances: [{ outcome: 'notSent' }],
      failure: { reason: 'not-connected', retry: 'transient' },
    });
    await peers.stop();
    await start();
    peers.script = request => void request.socket.destroy();
    await expect(server.storeInstances([instance(part10('1.1'))])).resolves.toMatchObject({
      instances: [{ outcome: 'unknown' }],
      failure: { reason: 'unreachable', retry: 'ambiguous' },
    });
  });

  it('cuts the request when an instance cannot be read, and passes its error on', async () => {
    await start();
    const broken: InstanceToStore = {
      async *open() {
        yield Buffer.alloc(3_000_000);
        throw new Error('Orthanc is gone');
      },
    };
    await expect(server.storeInstances([broken])).rejects.toThrow('Orthanc is gone');
    await peers.cut;
    expect(peers.received).toEqual([]);
  });

  it('ends when it is aborted', async () => {
    await start();
    const controller = new AbortController();
    peers.script = request => {
      request.resume();
      controller.abort(new Error('stop'));
    };
    const long = instance(Buffer.alloc(5_000_000));
    await expect(
      server.storeInstances([long, long, long], { signal: controller.signal })
    ).rejects.toThrow('stop');
  });

  describe('duplicates', () => {
    const there = part10('1.1', 'what the service has');
    const differing = part10('1.1', 'what the service had');
    const longer = part10('1.1', 'what the service has, and more');
    // The service zeroes the preamble, and may write the File Meta Information anew.
    const rewritten = Buffer.concat([
      there.subarray(0, 132),
      Buffer.from([2, 0, 2, 0, 0x55, 0x49, 4, 0, 0x31, 0x2e, 0x39, 0]),
      there.subarray(132),
    ]);
    const asService = (stored: Buffer, withLength: boolean): void => {
      peers.script = (request, response) => {
        const { method, url = '' } = request;
        if (method === 'POST') {
          request.resume();
          const body = JSON.stringify({ '00081198': sq(ref('1.1', { '00081197': US(45_070) })) });
          request.on('end', () => response.writeHead(409).end(body));
        } else if (url.startsWith('/v2/instances?SOPInstanceUID=1.1')) {
          response.end(
            JSON.stringify([
              { '0020000D': UI('2.1'), '0020000E': UI('2.2'), '00080018': UI('1.1') },
            ])
          );
        } else if (url === '/v2/studies/2.1/series/2.2/instances/1.1') {
          expect(request.headers.accept).toBe('application/dicom; transfer-syntax=*');
          if (withLength) response.setHeader('content-length', stored.length);
          else response.write(stored.subarray(0, 50));
          response.end(withLength ? stored : stored.subarray(50));
        } else response.writeHead(404).end();
      };
    };
    // prettier-ignore
    const ROWS: readonly (readonly [verifyDuplicates: 'none' | 'size' | 'hash', what: string, sent: Buffer, isSame: boolean])[] = [
      ['none', 'not even the size', longer, true],
      ['size', 'the same', there, true],
      ['size', 'another size', longer, false],
      ['size', 'another content of the same size', differing, true],
      ['hash', 'the same', there, true],
      ['hash', 'another content of the same size', differing, false],
      ['hash', 'another size', longer, false],
    ];
    it.each(ROWS)('%s: %s', async (verifyDuplicates, _what, sent, isSame) => {
      await start({ server: { verifyDuplicates } });
      for (const stored of [there, rewritten]) {
        for (const withLength of [true, false]) {
          asService(stored, withLength);
          const report = await server.storeInstances([instance(sent)]);
          // What goes by itself is compared in any case.
          const isOurs = verifyDuplicates === 'none' ? sent === there : isSame;
          expect(report.instances[0]).toMatchObject(
            isOurs
              ? { outcome: 'alreadyStored' }
              : { outcome: 'rejected', duplicate: 'different', failureReason: 45_070 }
          );
          const { options } = storeJob(sent.toString('latin1'));
          const answered = await call(peers.relay.url, `${S}/studies`, {
            ...options,
            body: Buffer.from(options.body!, 'latin1'),
          });
          expect(answered.status).toBe(isSame ? 200 : 409);
        }
      }
    });

    /** How the service behaves when it is asked for what it has. */
    const OBSTACLES: readonly (readonly [string, Script])[] = [
      ['it answers 500', (_request, response) => void response.writeHead(500).end()],
      ['there is no role to read', (_request, response) => void response.writeHead(403).end()],
      ['it does not find it', (_request, response) => void response.writeHead(204).end()],
      ['the line breaks', request => void request.socket.destroy()],
    ];
    it.each(OBSTACLES)(
      'does not take what cannot be compared for the same: %s',
      async (_what, script) => {
        await start({ server: { verifyDuplicates: 'size' } });
        asService(there, true);
        const usual = peers.script!;
        peers.script = (request, response) =>
          request.method === 'GET' ? script(request, response) : usual(request, response);
        const report = await server.storeInstances([instance(there)]);
        expect(report.instances[0]).toMatchObject({
          outcome: 'rejected',
          duplicate: 'notCompared',
        });
      }
    );

    it('tells "different" from "not compared" in /metrics, /status and the log', async () => {
      await start({ server: { verifyDuplicates: 'size' } });
      asService(longer, true);
      const usual = peers.script!;
      const post = async () => {
        const { options } = storeJob(there.toString('latin1'));
        const body = Buffer.from(options.body!, 'latin1');
        expect(await call(peers.relay.url, `${S}/studies`, { ...options, body })).toMatchObject({
          status: 409,
        });
      };
      await post();
      peers.script = (request, response) => {
        if (request.method === 'GET') response.writeHead(500).end();
        else usual(request, response);
      };
      await post();
      const { body: metrics } = await call(peers.relay.url, '/metrics');
      const { body: status } = await call(peers.relay.url, '/status');
      const { data } = JSON.parse(status) as { data: { servers: { instances: unknown }[] } };
      for (const outcome of ['different', 'notCompared']) {
        expect(metrics).toContain(
          `relay_instances_total{server="azure-dicom",outcome="${outcome}"} 1`
        );
        expect(data.servers[0]?.instances).toMatchObject({ [outcome]: 1, failed: 0 });
        expect(peers.log).toContainEqual(expect.objectContaining({ [outcome]: 1, failed: 0 }));
        expect(peers.log).toContainEqual(
          expect.objectContaining({
            instances: [expect.objectContaining({ duplicate: outcome, failureReason: 45_070 })],
          })
        );
      }
    });
  });
});
