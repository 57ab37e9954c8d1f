import { createDicomwebClient } from '../client.ts';
import { fetchTransport } from '../fetch-transport.ts';
import { startFrameArchive, type FrameArchive } from '../../testing/frame-archive.ts';
import { createFrameLoader } from './index.ts';

const MEGABYTE = 1024 * 1024;
/** Tens of megabytes go over the line, on a machine that may be busy. */
const TIMEOUT_MS = 30_000;
const range = (length: number, from = 0) => Array.from({ length }, (_, index) => from + index);
/** What the sockets' buffers of this machine may take, at most; the rest of the stream stays with the archive. */
const IN_BUFFERS = 24;

function loaderOf(archive: FrameArchive, maxHeldBytes?: number) {
  const client = createDicomwebClient({ serviceUrl: archive.url, transport: fetchTransport() });
  const loader = createFrameLoader({ client, random: () => 0, maxHeldBytes });
  loader.expect(archive.outline);
  return loader;
}

/** Sends all, one after the other, and counts what has left. */
async function sendAll(archive: FrameArchive, indices: readonly number[]) {
  const stream = await archive.stream();
  let tell = (): void => undefined;
  const sixteen = new Promise<void>(resolve => (tell = resolve));
  const sent = { count: 0, isOver: Promise.resolve(), sixteen };
  sent.isOver = (async () => {
    for (const index of indices) {
      await stream.send(index);
      sent.count += 1;
      if (sent.count === 16) tell();
    }
    stream.end();
  })();
  return sent;
}

describe('memory (issue 6, item 6)', () => {
  it(
    'begin reads about 16 MB of the series, until more than the neighbours of what is shown are asked for',
    async () => {
      await using archive = await startFrameArchive({ instances: 80, frameBytes: MEGABYTE });
      const loader = loaderOf(archive);
      loader.begin(archive.uids);
      const sent = await sendAll(archive, range(80));
      await sent.sixteen;
      // A preview does not count: the work list asks for it, too. It comes by a request of its own. So many give the stream time to go wrong.
      for (const index of range(35, 45)) await loader.load(archive.resource(index), 'preview');
      expect(sent.count).toBeLessThan(17 + IN_BUFFERS);
      for (const index of range(5)) await loader.load(archive.resource(index), 'soon');
      await sent.isOver;
      expect(archive.requests.filter(({ kind }) => kind === 'series')).toHaveLength(1);
    },
    TIMEOUT_MS
  );

  it(
    'a stream whose frames nobody takes is held up; who waits gets them by single requests',
    async () => {
      await using archive = await startFrameArchive({ instances: 80, frameBytes: MEGABYTE });
      const loader = loaderOf(archive, 8 * MEGABYTE);
      const waiting = range(10, 70).map(index => loader.load(archive.resource(index), 'soon'));
      const sent = await sendAll(archive, range(80));
      const frames = await Promise.all(waiting);
      const isRight = frames.map(({ bytes }, at) => Buffer.compare(bytes, archive.pixels(70 + at)));
      expect(isRight).toEqual(range(10).map(() => 0));
      expect(sent.count).toBeLessThan(9 + IN_BUFFERS);
      // Taken one after the other the stream goes on.
      for (const index of range(70)) {
        const { bytes } = await loader.load(archive.resource(index), 'soon');
        expect(bytes[0]).toBe(archive.pixels(index)[0]);
      }
      const series = archive.requests.filter(({ kind }) => kind === 'series');
      expect(series.length).toBeLessThanOrEqual(2);
      loader.stop();
    },
    TIMEOUT_MS
  );

  it(
    'what somebody got by a request of its own does not hold up the stream that brings it again',
    async () => {
      await using archive = await startFrameArchive({ instances: 60, frameBytes: MEGABYTE });
      const loader = loaderOf(archive, 8 * MEGABYTE);
      for (const index of range(60)) await loader.load(archive.resource(index), 'soon');
      const sent = await sendAll(archive, range(60));
      await sent.isOver;
      expect(sent.count).toBe(60);
    },
    TIMEOUT_MS
  );

  it(
    'stop ends a stream that is held up',
    async () => {
      await using archive = await startFrameArchive({ instances: 80, frameBytes: MEGABYTE });
      const loader = loaderOf(archive, 4 * MEGABYTE);
      await Promise.all([
        loader.load(archive.resource(79), 'now'),
        loader.load(archive.resource(2), 'soon'),
      ]);
      const sent = await sendAll(archive, range(60));
      sent.isOver.catch(() => undefined);
      loader.stop();
      await archive.until(requests => requests.every(({ isOver }) => isOver));
      expect(sent.count).toBeLessThan(60);
    },
    TIMEOUT_MS
  );
});
