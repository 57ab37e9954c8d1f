import { imageInstance } from '../../testing/image-instance.ts';
import { createDicomwebClient } from '../client.ts';
import { Pace, yieldToTasks } from '../pace.ts';
import type { Transport } from '../transport.ts';
import { streamSeries } from './stream-series.ts';

const UIDS = { studyInstanceUID: '2.25.100', seriesInstanceUID: '2.25.200' };
const INSTANCES = 50;
const PIECE_BYTES = 256;

/** An answer whose bytes are all there: it never waits for anything. */
function readyArchive(): Transport {
  const image = imageInstance({ rows: 64, columns: 64, pixels: new Uint8Array(4096) });
  const part = Buffer.concat([Buffer.from('--edge\r\n\r\n'), image, Buffer.from('\r\n')]);
  const body = Buffer.concat([...Array<Buffer>(INSTANCES).fill(part), Buffer.from('--edge--')]);
  const headers = new Headers({ 'Content-Type': 'multipart/related; boundary=edge' });
  return {
    send: () =>
      Promise.resolve({
        status: 200,
        headers,
        bytes: () => Promise.resolve(body),
        async *stream() {
          for (let at = 0; at < body.length; at += PIECE_BYTES) {
            yield body.subarray(at, at + PIECE_BYTES);
          }
        },
      }),
  };
}

/** Reads the series, and counts the turns of the event loop meanwhile. */
async function read(pace: Pace): Promise<{ instances: number; turns: number }> {
  const client = createDicomwebClient({ serviceUrl: 'http://a.test', transport: readyArchive() });
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    if (isOver) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  let instances = 0;
  const { signal } = new AbortController();
  for await (const { instance, byteLength } of streamSeries(client, UIDS, pace, signal)) {
    expect(instance?.frames[0]?.bytes).toHaveLength(4096);
    expect(byteLength).toBeGreaterThan(4096);
    instances += 1;
  }
  isOver = true;
  return { instances, turns };
}

describe('streamSeries (no task over 200 ms: issue 6, item 6)', () => {
  it('a long series whose bytes are there already gives way to other tasks', async () => {
    // A piece takes ten milliseconds: no more than three or four at a time.
    let nowMs = 0;
    const { instances, turns } = await read(new Pace(yieldToTasks, () => (nowMs += 10)));
    expect(instances).toBe(INSTANCES);
    // More than once for each instance.
    expect(turns).toBeGreaterThanOrEqual(150);
  });

  it('as long as it takes little time it does not', async () => {
    const { instances, turns } = await read(new Pace(yieldToTasks, () => 0));
    expect([instances, turns]).toEqual([INSTANCES, 0]);
  });
});
