import { jest } from '@jest/globals';
import type { DicomJson, FrameLoader, StoredFrame, Urgency } from '@ohif-azure/dicomweb';
import type { DataSource } from '../ohif.ts';
import { cornerstoneOfPage, type Cornerstone, type ImageLoader } from './cornerstone.ts';
import { frameOfImageId, toFrameImageId, toStockImageId } from './frameImageId.ts';
import { frameImageIds } from './frameImageIds.ts';
import { hurryOnScroll } from './hurryOnScroll.ts';
import { registerFrameLoader } from './registerFrameLoader.ts';
import { seriesOutline } from './seriesOutline.ts';

const ROOT = 'https://archive.test/v2';
const urlOf = (frame = 1) => `${ROOT}/studies/1.2/series/1.3/instances/1.4/frames/${frame}`;
const STOCK = `wadors:${urlOf()}`;
const OURS = `azure-frames:${urlOf()}`;
const RESOURCE = {
  studyInstanceUID: '1.2',
  seriesInstanceUID: '1.3',
  sopInstanceUID: '1.4',
  frame: 1,
};

describe('image ids', () => {
  it.each([
    [STOCK, OURS],
    [`wadors:${urlOf(12)}`, `azure-frames:${urlOf(12)}`],
    ['wadouri:http://x/wado?requestType=WADO', 'wadouri:http://x/wado?requestType=WADO'],
    [`wadors:${ROOT}/studies/1.2/series/1.3/instances/1.4/rendered`, undefined],
    [`wadors:${urlOf()},2`, undefined],
    ['', ''],
  ])('%s', (stock, ours = stock) => {
    expect(toFrameImageId(stock)).toBe(ours);
    expect(toStockImageId(ours)).toBe(stock);
  });

  it('name their frame and their archive, also one whose path has /studies/', () => {
    expect(frameOfImageId(OURS)).toEqual({ resource: RESOURCE, dicomwebRoot: ROOT });
    const nested = OURS.replace(ROOT, `${ROOT}/studies/x`);
    expect(frameOfImageId(nested)?.dicomwebRoot).toBe(`${ROOT}/studies/x`);
    expect(frameOfImageId('azure-frames:nothing')).toBeUndefined();
  });

  it('are given to the viewer and to the instance alike, but not of SEG and SM', () => {
    const inner = {
      getImageIdsForInstance: ({ frame }: { frame?: number }) => `wadors:${urlOf(frame)}`,
    } as unknown as DataSource;
    const idsOf = frameImageIds(inner);
    const image: Record<string, unknown> = { Modality: 'US' };
    expect(idsOf({ instance: image as never, frame: 3 })).toBe(`azure-frames:${urlOf(3)}`);
    expect(image.imageId).toBe(OURS);
    expect(Object.keys(image)).toEqual(['Modality']);
    expect(idsOf({ instance: { Modality: 'SEG' } as never })).toBe(STOCK);
  });
});

/** As Cornerstone3D 5.6: providers in order of priority; the stock loader asks them for a frame's bytes in the turn in which it is called. */
function cornerstoneStandIn() {
  const providers: { provider: (type: string, imageId: string) => unknown; priority: number }[] =
    [];
  const loaders = new Map<string, ImageLoader>();
  const get = (type: string, imageId: string) =>
    providers
      .sort((a, b) => b.priority - a.priority)
      .map(({ provider }) => provider(type, imageId))
      .find(found => found !== undefined);
  loaders.set('wadors', imageId => {
    const frame = get('compressedFrameData', imageId);
    if (!frame) throw new Error('the stock loader would ask the archive');
    return { promise: Promise.resolve({ imageId, frame }), cancelFn: undefined };
  });
  const setMaxSimultaneousRequests = jest.fn();
  const cornerstone: Cornerstone = {
    imageLoader: {
      registerImageLoader: (scheme, loader) => void loaders.set(scheme, loader),
      loadImage: (imageId, options) =>
        (loaders.get(imageId.split(':')[0] ?? '') as ImageLoader)(imageId, options).promise,
    },
    metaData: {
      addProvider: (provider, priority) => void providers.push({ provider, priority }),
      get: (type, imageId) =>
        type === 'imagePixelModule' ? { photometricInterpretation: 'RGB' } : get(type, imageId),
      getTyped: get,
    },
    imageLoadPoolManager: { setMaxSimultaneousRequests },
    cache: { getMaxCacheSize: () => 1 },
  };
  return { cornerstone, get, setMaxSimultaneousRequests };
}

function frameScene(
  stored: StoredFrame = { bytes: new Uint8Array([1, 2]), transferSyntaxUID: '1.2.9' }
) {
  const load = jest.fn<FrameLoader['load']>(async () => stored);
  const loader = { load } as unknown as FrameLoader;
  const standIn = cornerstoneStandIn();
  registerFrameLoader(standIn.cornerstone, root => (root === ROOT ? loader : undefined));
  return { ...standIn, load, stored };
}

describe('registerFrameLoader', () => {
  it('has the stock loader decode what ours got, under our image id', async () => {
    const { cornerstone, load, stored, get } = frameScene();
    const image = await cornerstone.imageLoader.loadImage(OURS, {});
    expect(load).toHaveBeenCalledWith(RESOURCE, 'now');
    expect(image).toEqual({
      imageId: OURS,
      frame: { pixelData: stored.bytes, transferSyntaxUid: '1.2.9' },
    });
    // Nothing stays behind.
    expect(get('compressedFrameData', STOCK)).toBeUndefined();
  });

  it.each<[string | undefined, Urgency]>([
    ['interaction', 'now'],
    [undefined, 'now'],
    ['thumbnail', 'preview'],
    ['prefetch', 'soon'],
    ['compute', 'soon'],
  ])('a request of type %s is asked for as %s', async (requestType, urgency) => {
    const { cornerstone, load } = frameScene();
    await cornerstone.imageLoader.loadImage(OURS, { requestType });
    expect(load).toHaveBeenCalledWith(RESOURCE, urgency);
  });

  it('a decoder that takes the buffer over gets its own', async () => {
    const { cornerstone, stored } = frameScene();
    const image = await cornerstone.imageLoader.loadImage(OURS, { transferPixelData: true });
    const { pixelData } = image.frame as { pixelData: Uint8Array };
    expect(pixelData).toEqual(stored.bytes);
    expect(pixelData.buffer).not.toBe(stored.bytes.buffer);
  });

  it('without a transfer syntax: raw pixels', async () => {
    const { cornerstone } = frameScene({ bytes: new Uint8Array(1), transferSyntaxUID: undefined });
    const image = await cornerstone.imageLoader.loadImage(OURS, {});
    expect(image.frame).toMatchObject({ transferSyntaxUid: '1.2.840.10008.1.2' });
  });

  it('what cannot be had is told, and nothing stays behind', async () => {
    const { cornerstone, load, get } = frameScene();
    load.mockRejectedValueOnce(new Error('gone'));
    await expect(cornerstone.imageLoader.loadImage(OURS, {})).rejects.toThrow('gone');
    const other = OURS.replace('archive', 'other');
    await expect(cornerstone.imageLoader.loadImage(other, {})).rejects.toThrow('No data source');
    expect(get('compressedFrameData', STOCK)).toBeUndefined();
  });

  it('lets all frames that are wanted ahead ask at once', () => {
    expect(frameScene().setMaxSimultaneousRequests).toHaveBeenCalledWith('prefetch', 1_000);
  });
});

it.each([
  ['no Cornerstone', undefined, false],
  ['one that takes no bytes (before OHIF 3.13)', { metaData: {}, imageLoadPoolManager: {} }, false],
  ['one that does', cornerstoneStandIn().cornerstone, true],
])('the page has %s', (_, cornerstone, isUsed) => {
  Object.assign(globalThis, { cornerstone });
  expect(cornerstoneOfPage() !== undefined).toBe(isUsed);
  Object.assign(globalThis, { cornerstone: undefined });
});

describe('hurryOnScroll', () => {
  it('hurries the frame that somebody scrolls to; events of the viewport do not bubble', () => {
    const hurry = jest.fn();
    const page = document.createElement('div');
    const viewport = page.appendChild(document.createElement('div'));
    hurryOnScroll(
      root => (root === ROOT ? ({ hurry } as unknown as FrameLoader) : undefined),
      page
    );
    for (const detail of [
      { imageId: OURS },
      { imageId: OURS.replace('archive', 'other') },
      { imageId: 'wadouri:x' },
      {},
      undefined,
    ]) {
      viewport.dispatchEvent(new CustomEvent('CORNERSTONE_STACK_VIEWPORT_SCROLL', { detail }));
    }
    expect(hurry.mock.calls).toEqual([[RESOURCE]]);
  });
});

describe('seriesOutline (PS3.5 8.1.1)', () => {
  const image = (values: Record<string, number> = {}): DicomJson => ({
    '0020000D': { vr: 'UI', Value: ['1.2'] },
    '0020000E': { vr: 'UI', Value: ['1.3'] },
    ...Object.fromEntries(
      Object.entries({ '00280010': 4, '00280011': 8, '00280100': 16, ...values }).map(
        ([tag, value]) => [tag, { vr: 'US', Value: [value] }]
      )
    ),
  });
  const UIDS = { studyInstanceUID: '1.2', seriesInstanceUID: '1.3' };
  it.each([
    ['two images', [image(), image()], { instances: 2, frames: 2, frameBytes: 64 }],
    [
      'frames and samples',
      [image({ '00280008': 5, '00280002': 3 })],
      { instances: 1, frames: 5, frameBytes: 192 },
    ],
    [
      'the largest',
      [image(), image({ '00280010': 8 })],
      { instances: 2, frames: 2, frameBytes: 128 },
    ],
    [
      'one without pixels',
      [image(), image({ '00280010': 0 })],
      { instances: 2, frames: 1, frameBytes: 64 },
    ],
  ])('%s', (_, instances, expected) => {
    expect(seriesOutline(instances)).toEqual({ ...UIDS, ...expected });
  });
  it.each([
    ['nothing', []],
    ['no UIDs', [{}]],
    ['no pixels', [image({ '00280010': 0 })]],
  ])('undefined: %s', (_, instances) => {
    expect(seriesOutline(instances)).toBeUndefined();
  });
});
