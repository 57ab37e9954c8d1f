import { createDicomwebClient } from '../client.ts';
import { fetchTransport } from '../fetch-transport.ts';
import { fakeClock } from '../../testing/fake-clock.ts';
import { startFrameArchive, type Fault, type FrameArchive } from '../../testing/frame-archive.ts';
import { createFrameLoader } from './index.ts';

async function scene(framesOfEach = 1) {
  const archive = await startFrameArchive({ instances: 2, framesOfEach });
  const clock = fakeClock();
  const startMs = clock.now();
  let tokens = 0;
  const client = createDicomwebClient({
    serviceUrl: archive.url,
    transport: fetchTransport(),
    clock,
    authorization: ({ renew }) => Promise.resolve(`Bearer ${(tokens += renew ? 1 : 0)}`),
  });
  const loader = createFrameLoader({ client, clock, random: () => 0.5 });
  return { archive, clock, loader, passedMs: () => clock.now() - startMs };
}

/** The first requests get these, one each. */
function failFirst(archive: FrameArchive, ...faults: Fault[]): void {
  archive.faults.push(() => faults.shift());
}

describe('a frame that fails is fetched again by itself (issue 6, item 7)', () => {
  const ROWS: readonly (readonly [string, Fault[]])[] = [
    ['503 (RFC 9110 15.6.4)', [{ status: 503 }]],
    ['503 three times', [{ status: 503 }, { status: 503 }, { status: 503 }]],
    ['429 with Retry-After (RFC 6585 4)', [{ status: 429, headers: { 'Retry-After': '3' } }]],
    ['500, 502, 504', [{ status: 500 }, { status: 502 }, { status: 504 }]],
    ['401, then a renewed access token', [{ status: 401 }]],
    ['401 while renewing takes long', [{ status: 401 }, { status: 401 }, { status: 401 }]],
    ['a connection dropped', ['drop']],
    ['an answer cut in the middle', ['cut']],
    ['an answer without parts', [{ parts: 0 }]],
    ['one after the other', ['drop', { status: 503 }, 'cut', { parts: 0 }]],
  ];
  it.each(ROWS)('%s: no error, within 10 seconds', async (_title, faults) => {
    const { archive, loader, passedMs } = await scene();
    await using _ = archive;
    const requests = faults.length + 1;
    failFirst(archive, ...faults);
    const { bytes } = await loader.load(archive.resource(0), 'now');
    expect(bytes).toEqual(archive.pixels(0));
    expect(passedMs()).toBeLessThanOrEqual(10_000);
    expect(archive.requests).toHaveLength(requests);
  });

  it('waits as long as Retry-After says', async () => {
    const { archive, loader, clock } = await scene();
    await using _ = archive;
    failFirst(archive, { status: 429, headers: { 'Retry-After': '7' } });
    await loader.load(archive.resource(0), 'now');
    expect(clock.waits).toEqual([7_000]);
  });

  it.each<[string, Fault, string]>([
    ['503', { status: 503 }, 'ERR_RETRIEVE_THROTTLED'],
    [
      '429 with Retry-After',
      { status: 429, headers: { 'Retry-After': '4' } },
      'ERR_RETRIEVE_THROTTLED',
    ],
    ['401', { status: 401 }, 'ERR_RETRIEVE_UNAUTHORIZED'],
    ['dropped', 'drop', 'ERR_RETRIEVE_UNREACHABLE'],
    ['cut', 'cut', 'ERR_RETRIEVE_UNREACHABLE'],
    ['without parts', { parts: 0 }, 'ERR_RETRIEVE_UNREADABLE'],
  ])('%s for longer than 10 seconds is told', async (_title, fault, code) => {
    const { archive, loader, passedMs } = await scene();
    await using _ = archive;
    archive.faults.push(() => fault);
    await expect(loader.load(archive.resource(0), 'now')).rejects.toMatchObject({ code });
    expect(passedMs()).toBeLessThanOrEqual(10_000);
    expect(passedMs()).toBeGreaterThan(5_000);
    // Told once; the next who asks has the archive asked again.
    archive.faults.length = 0;
    await expect(loader.load(archive.resource(0), 'now')).resolves.toBeDefined();
  });

  it('503 for a request of several frames is told for all after 10 seconds, not one after the other', async () => {
    const { archive, loader } = await scene(8);
    await using _ = archive;
    loader.expect({ ...archive.outline, instances: 1 });
    archive.faults.push(() => ({ status: 503 }));
    const loads = Array.from({ length: 8 }, (_, at) =>
      loader.load(archive.resource(0, at + 1), 'soon')
    );
    const settled = await Promise.allSettled(loads);
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    // The first five have a request each at once, the others one together.
    const asked = new Set(archive.requests.map(({ frames }) => frames.join()));
    expect([...asked]).toEqual(['1', '2', '3', '4', '5', '6,7,8']);
  });

  it.each<[number, string, string[]]>([
    [403, 'ERR_RETRIEVE_FORBIDDEN', ['frames']],
    [404, 'ERR_RETRIEVE_NOT_FOUND', ['frames']],
    [406, 'ERR_RETRIEVE_REFUSED', ['frames', 'instance']],
  ])('%i is told at once', async (status, code, asked) => {
    const { archive, loader, clock } = await scene();
    await using _ = archive;
    archive.faults.push(() => ({ status }));
    await expect(loader.load(archive.resource(0), 'now')).rejects.toMatchObject({ code });
    expect(clock.waits).toEqual([]);
    expect(archive.requests.map(({ kind }) => kind)).toEqual(asked);
  });

  /** Orthanc 1.10 so refuses the frames of big endian, deflated and HTJ2K instances that it has (docs/reading.md). */
  it.each([400, 406, 500])(
    'frames that an archive cannot cut (%i) come out of the instance, which is asked for once',
    async status => {
      const { archive, loader } = await scene(3);
      await using _ = archive;
      archive.faults.push(({ kind }) => (kind === 'frames' ? { status } : undefined));
      const frames = await Promise.all(
        [1, 2, 3].map(frame => loader.load(archive.resource(0, frame), 'soon'))
      );
      frames.forEach(({ bytes }, at) =>
        expect(Buffer.compare(bytes, archive.pixels(0, at + 1))).toBe(0)
      );
      expect(archive.requests.filter(({ kind }) => kind === 'instance')).toHaveLength(1);
    }
  );

  it('what the authorization source says is told as it is', async () => {
    await using archive = await startFrameArchive({ instances: 1 });
    const reason = Object.assign(new Error('sign in'), { code: 'ERR_AUTH_SIGNIN_REQUIRED' });
    const client = createDicomwebClient({
      serviceUrl: archive.url,
      transport: fetchTransport(),
      authorization: () => Promise.reject(reason),
    });
    const loader = createFrameLoader({ client });
    await expect(loader.load(archive.resource(0), 'now')).rejects.toBe(reason);
  });
});
