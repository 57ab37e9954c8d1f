import { createDicomwebClient } from '../client.ts';
import { fetchTransport } from '../fetch-transport.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { startFrameArchive, type FrameArchive } from '../../testing/frame-archive.ts';
import { imageInstance } from '../../testing/image-instance.ts';
import { createFrameLoader, type FrameLoaderOptions } from './index.ts';

const MEGABYTE = 1024 * 1024;

function loaderOf(archive: FrameArchive, options: Partial<FrameLoaderOptions> = {}) {
  const client = createDicomwebClient({ serviceUrl: archive.url, transport: fetchTransport() });
  const loader = createFrameLoader({ client, random: () => 0, ...options });
  loader.expect(archive.outline);
  const soon = (...indices: number[]) =>
    indices.map(index => loader.load(archive.resource(index), 'soon'));
  return { loader, soon };
}

const range = (length: number, from = 0) => Array.from({ length }, (_, index) => from + index);
const singles = ({ requests }: FrameArchive) =>
  requests.filter(({ kind }) => kind === 'frames').map(({ sopInstanceUID }) => sopInstanceUID);
const streamed = ({ requests }: FrameArchive) =>
  requests.filter(({ kind }) => kind === 'series').length;

/** The first six of many that are asked for are fetched besides. */
const BESIDE = 6;

describe('a series is read by one streamed request (issue 6, Speed)', () => {
  it('whatever the order of its instances, and each frame is served as it comes', async () => {
    await using archive = await startFrameArchive({ instances: 30 });
    archive.faults.push(({ kind }) => (kind === 'frames' ? 'hold' : undefined));
    const { soon } = loaderOf(archive);
    const promises = soon(...range(30));
    const stream = await archive.stream();
    for (const index of [29, 0, 15, 3]) {
      await stream.send(index);
      const { bytes, transferSyntaxUID } = await promises[index]!;
      expect(bytes).toEqual(archive.pixels(index));
      expect(transferSyntaxUID).toBe('1.2.840.10008.1.2.1');
      expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
    }
    await stream.send(...range(30).filter(index => ![29, 0, 15, 3].includes(index)));
    stream.end();
    const all = await Promise.all(promises);
    all.forEach(({ bytes }, index) => expect(bytes).toEqual(archive.pixels(index)));
    expect(streamed(archive)).toBe(1);
    // Few are fetched besides, many wait for the stream.
    expect(singles(archive)).toHaveLength(4);
    const besides = range(BESIDE).map(index => archive.resource(index).sopInstanceUID);
    expect(besides).toEqual(expect.arrayContaining(singles(archive)));
  });

  it('what is looked at is fetched at once beside it, also what waited for it', async () => {
    await using archive = await startFrameArchive({ instances: 30 });
    const { loader, soon } = loaderOf(archive);
    const promises = soon(...range(30));
    const { bytes } = await loader.load(archive.resource(20), 'now');
    expect(bytes).toEqual(archive.pixels(20));
    loader.hurry(archive.resource(25));
    expect((await promises[25]!).bytes).toEqual(archive.pixels(25));
    const stream = await archive.stream();
    await stream.send(...range(30));
    stream.end();
    await Promise.all(promises);
    expect(new Set(singles(archive)).size).toBe(singles(archive).length);
  });

  const ENDS: readonly (readonly [string, (archive: FrameArchive) => Promise<void>])[] = [
    [
      'cut in the middle',
      async archive => {
        const stream = await archive.stream();
        await stream.send(...range(10));
        stream.cut();
      },
    ],
    ['empty', async archive => (await archive.stream()).end()],
    [
      'short of some instances',
      async archive => {
        const stream = await archive.stream();
        await stream.send(...range(10, 15));
        stream.end();
      },
    ],
    ...[403, 404, 406].map(
      status =>
        [
          `refused with ${status}`,
          async (archive: FrameArchive) => {
            archive.faults.push(({ kind }) => (kind === 'series' ? { status } : undefined));
          },
        ] as const
    ),
  ];
  it.each(ENDS)('%s: the rest by single requests, each once', async (_, end) => {
    await using archive = await startFrameArchive({ instances: 25 });
    const { soon } = loaderOf(archive);
    const ended = end(archive);
    const all = await Promise.all(soon(...range(25)));
    await ended;
    all.forEach(({ bytes }, index) => expect(bytes).toEqual(archive.pixels(index)));
    expect(new Set(singles(archive)).size).toBe(singles(archive).length);
    expect(streamed(archive)).toBe(1);
  });

  it('whose frames cannot be told apart: left at its first instance, and not tried again', async () => {
    const oneBit = (index: number) =>
      imageInstance({
        sopInstanceUID: `2.25.300.${index + 1}`,
        bits: 1,
        pixels: new Uint8Array(8),
      });
    await using archive = await startFrameArchive({ instances: 40, instanceOf: oneBit });
    const { soon } = loaderOf(archive);
    const first = soon(...range(20));
    await (await archive.stream()).send(0);
    await archive.until(requests =>
      requests.some(({ kind, isOver }) => kind === 'series' && isOver)
    );
    await Promise.all([...first, ...soon(...range(20, 20))]);
    expect(streamed(archive)).toBe(1);
    expect(singles(archive)).toHaveLength(40);
  });

  it('that brings nothing for stallMs is helped by single requests', async () => {
    await using archive = await startFrameArchive({ instances: 30 });
    const clock = manualClock();
    const { soon } = loaderOf(archive, { clock, stallMs: 4_000 });
    const promises = soon(...range(30));
    const stream = await archive.stream();
    await stream.send(29);
    await promises[29];
    await clock.waiting();
    clock.advance(4_000);
    // It had brought something in that time; in the next it brings nothing.
    await clock.waiting();
    expect(singles(archive).length).toBeLessThanOrEqual(BESIDE);
    clock.advance(4_000);
    await Promise.all(promises);
    expect(singles(archive)).toHaveLength(29);
    expect(streamed(archive)).toBe(1);
  });

  it.each<[string, Partial<FrameArchive['outline']>]>([
    ['one instance', { instances: 1 }],
    ['fewer than four frames', { frames: 3 }],
    ['more bytes than maxStreamBytes', { frameBytes: 100 * MEGABYTE }],
    ['instances above 64 MB', { frameBytes: 65 * MEGABYTE, frames: 5, instances: 5 }],
  ])('is not streamed: %s', async (_, outline) => {
    await using archive = await startFrameArchive({ instances: 5 });
    const { loader, soon } = loaderOf(archive, { maxStreamBytes: 400 * MEGABYTE });
    loader.expect({ ...archive.outline, ...outline });
    loader.begin(archive.uids);
    await Promise.all(soon(...range(5)));
    expect(streamed(archive)).toBe(0);
  });

  it('that is held is not streamed again; one that is mostly gone is', async () => {
    await using archive = await startFrameArchive({ instances: 30, frameBytes: 1024 });
    const { loader, soon } = loaderOf(archive, { maxHeldBytes: 30 * 1024 });
    const read = async (nth: number) => {
      const promises = soon(...range(30));
      const stream = await archive.stream(nth);
      await stream.send(...range(30));
      stream.end();
      await Promise.all(promises);
    };
    await read(1);
    loader.stop();
    loader.expect(archive.outline);
    const before = archive.requests.length;
    loader.begin(archive.uids);
    await Promise.all(soon(...range(30)));
    expect(archive.requests).toHaveLength(before);
    loader.forget();
    loader.expect(archive.outline);
    await read(2);
    expect(streamed(archive)).toBe(2);
  });
});
