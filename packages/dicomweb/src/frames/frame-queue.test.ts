import { createDicomwebClient } from '../client.ts';
import { fetchTransport } from '../fetch-transport.ts';
import {
  startFrameArchive,
  type ArchiveRequest,
  type FrameArchive,
} from '../../testing/frame-archive.ts';
import { createFrameLoader } from './index.ts';

const MEGABYTE = 1024 * 1024;
const loaderOf = (archive: FrameArchive) =>
  createFrameLoader({
    client: createDicomwebClient({ serviceUrl: archive.url, transport: fetchTransport() }),
    random: () => 0,
  });
const range = (length: number) => Array.from({ length }, (_, index) => index);
const asked = ({ requests }: FrameArchive) => requests.map(({ frames }) => frames);
const isOfFrames = ({ kind }: ArchiveRequest) => kind === 'frames';
const openFrames = ({ requests }: FrameArchive) =>
  requests.filter(request => isOfFrames(request) && !request.isOver).length;

describe('single requests', () => {
  it('several frames of one instance go in one request, at most eight (PS3.18 10.4.1.1.6)', async () => {
    await using archive = await startFrameArchive({ instances: 1, framesOfEach: 30 });
    const loader = loaderOf(archive);
    loader.expect(archive.outline);
    const frames = await Promise.all(
      range(30).map(at => loader.load(archive.resource(0, at + 1), 'soon'))
    );
    frames.forEach(({ bytes }, at) => expect(bytes).toEqual(archive.pixels(0, at + 1)));
    expect(
      asked(archive)
        .flat()
        .sort((a, b) => a - b)
    ).toEqual(range(30).map(at => at + 1));
    expect(Math.max(...asked(archive).map(({ length }) => length))).toBe(8);
    expect(archive.requests.length).toBeLessThan(10);
  });

  it('one missing frame of a request does not take its neighbours with it', async () => {
    await using archive = await startFrameArchive({ instances: 1, framesOfEach: 19 });
    const loader = loaderOf(archive);
    loader.expect(archive.outline);
    const settled = await Promise.allSettled(
      range(20).map(at => loader.load(archive.resource(0, at + 1), 'soon'))
    );
    expect(settled.slice(0, 19).every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(settled[19]).toMatchObject({ reason: { code: 'ERR_RETRIEVE_NOT_FOUND' } });
  });

  it('fewer parts than asked for: the others are fetched, those that came are not', async () => {
    await using archive = await startFrameArchive({ instances: 1, framesOfEach: 14 });
    archive.faults.push(({ frames }) => (frames.length > 1 ? { parts: 3 } : undefined));
    const loader = loaderOf(archive);
    loader.expect(archive.outline);
    const frames = await Promise.all(
      range(14).map(at => loader.load(archive.resource(0, at + 1), 'soon'))
    );
    frames.forEach(({ bytes }, at) => expect(bytes).toEqual(archive.pixels(0, at + 1)));
    const several = asked(archive).filter(({ length }) => length > 1);
    const came = several.flatMap(list => list.slice(0, 3));
    const alone = asked(archive)
      .filter(({ length }) => length === 1)
      .flat();
    expect(alone.filter(frame => came.includes(frame))).toEqual([]);
  });

  it('never more than five at once, besides what is looked at', async () => {
    await using archive = await startFrameArchive({ instances: 40 });
    archive.faults.push(() => 'hold');
    const loader = loaderOf(archive);
    const soon = range(20).map(index => loader.load(archive.resource(index), 'soon'));
    await archive.until(({ length }) => length >= 5);
    const now = range(6).map(at => loader.load(archive.resource(20 + at), 'now'));
    await archive.until(({ length }) => length >= 11);
    expect(archive.requests).toHaveLength(11);
    archive.faults.length = 0;
    archive.release();
    await Promise.all([...soon, ...now]);
    expect(archive.requests).toHaveLength(26);
  });

  it('of what is looked at six at once, and then the last before the others', async () => {
    await using archive = await startFrameArchive({ instances: 40 });
    archive.faults.push(() => 'hold');
    const loader = loaderOf(archive);
    const scrolled = range(10).map(at => loader.load(archive.resource(at), 'now'));
    await archive.until(({ length }) => length >= 6);
    // Back to one that waits.
    loader.hurry(archive.resource(7));
    archive.faults.length = 0;
    archive.release();
    await Promise.all(scrolled);
    const uid = (at: number) => archive.resource(at).sopInstanceUID;
    const order = archive.requests.map(({ sopInstanceUID }) => sopInstanceUID);
    expect(new Set(order.slice(0, 6))).toEqual(new Set(range(6).map(uid)));
    expect(order.slice(6)).toHaveLength(4);
    expect(new Set(order.slice(6, 8))).toContain(uid(7));
  });

  it('previews come before what is going to be looked at', async () => {
    await using archive = await startFrameArchive({ instances: 40 });
    archive.faults.push(() => 'hold');
    const loader = loaderOf(archive);
    const soon = range(10).map(index => loader.load(archive.resource(index), 'soon'));
    const preview = loader.load(archive.resource(30), 'preview');
    await archive.until(({ length }) => length >= 5);
    archive.faults.length = 0;
    archive.release();
    await Promise.all([...soon, preview]);
    expect(archive.requests[5]?.sopInstanceUID).toBe(archive.resource(30).sopInstanceUID);
  });

  it('of frames of 50 MB one is underway at a time, of 32 MB three', async () => {
    for (const [megabytes, most] of [
      [50, 1],
      [32, 3],
      [200, 1],
    ] as const) {
      await using archive = await startFrameArchive({ instances: 8 });
      archive.faults.push(({ kind }) => (kind === 'frames' ? 'hold' : { status: 404 }));
      const loader = loaderOf(archive);
      loader.expect({ ...archive.outline, instances: 1, frameBytes: megabytes * MEGABYTE });
      const loads = range(8).map(index => loader.load(archive.resource(index), 'soon'));
      let mostOpen = 0;
      for (let seen = 0; seen < 8;) {
        await archive.until(requests => requests.filter(isOfFrames).length > seen);
        // What was sent together with the first one has come before these are answered.
        for (let more = 0; more < 3; more += 1) await fetch(`${archive.url}/nothing`);
        mostOpen = Math.max(mostOpen, openFrames(archive));
        seen = archive.requests.filter(isOfFrames).length;
        archive.release();
      }
      await Promise.all(loads);
      expect(mostOpen).toBeLessThanOrEqual(most);
    }
  });

  it('a frame is never asked for twice at the same time', async () => {
    await using archive = await startFrameArchive({ instances: 2 });
    archive.faults.push(() => 'hold');
    const loader = loaderOf(archive);
    const resource = archive.resource(0);
    const loads = (['soon', 'preview', 'now', 'soon'] as const).map(urgency =>
      loader.load(resource, urgency)
    );
    loader.hurry(resource);
    await archive.until(({ length }) => length >= 1);
    archive.release();
    const frames = await Promise.all(loads);
    expect(new Set(frames).size).toBe(1);
    expect(await loader.load(resource, 'now')).toBe(frames[0]);
    expect(archive.requests).toHaveLength(1);
  });

  it('stop rejects what waits with AbortError and keeps what was used; forget forgets', async () => {
    await using archive = await startFrameArchive({ instances: 9 });
    const loader = loaderOf(archive);
    const used = await loader.load(archive.resource(0), 'now');
    archive.faults.push(() => 'hold');
    const loads = range(8).map(at => loader.load(archive.resource(at + 1), 'soon'));
    await archive.until(({ length }) => length >= 6);
    const settled = Promise.allSettled(loads);
    loader.stop();
    for (const one of await settled) expect(one).toMatchObject({ reason: { name: 'AbortError' } });
    await archive.until(requests => requests.every(({ isOver }) => isOver));
    archive.faults.length = 0;
    expect(await loader.load(archive.resource(0), 'now')).toBe(used);
    // What was stopped can be asked for again.
    await loader.load(archive.resource(1), 'now');
    const before = archive.requests.length;
    loader.forget();
    await loader.load(archive.resource(0), 'now');
    expect(archive.requests).toHaveLength(before + 1);
  });
});
