import { declareRGB, type FrameLoader, type Urgency } from '@ohif-azure/dicomweb';
import type { Cornerstone, CornerstoneImage, ImageOptions } from './cornerstone.ts';
import { FRAME_SCHEME, frameOfImageId, toStockImageId } from './frameImageId.ts';

/** Above the viewer's own providers (9999): the first that answers wins. */
const PRIORITY = 20_000;
/** The metadata by which the stock loader asks whether a frame is in memory. Cornerstone3D, `MetadataModules`. */
const COMPRESSED_FRAME_DATA = 'compressedFrameData';

/**
 * All frames that the viewer wants ahead may ask at once: our loader orders them. The stock loader has its own limit
 * on its requests, so that other data sources are not concerned.
 */
const MAX_PREFETCH = 1_000;

/**
 * Registers an image loader that gets the bytes of frames from a {@link FrameLoader} and has the stock `wadors:`
 * loader decode them: that one asks the metadata providers for a frame's bytes before it asks the archive.
 *
 * @param loaderOf - the loader for the archive at this DICOMweb root
 */
export function registerFrameLoader(
  cornerstone: Cornerstone,
  loaderOf: (dicomwebRoot: string) => FrameLoader | undefined
): void {
  const handedOver = new Map<string, { pixelData: Uint8Array; transferSyntaxUid: string }>();
  cornerstone.metaData.addProvider(
    (type, imageId) => (type === COMPRESSED_FRAME_DATA ? handedOver.get(imageId) : undefined),
    PRIORITY
  );

  const decode = async (
    imageId: string,
    bytes: Uint8Array<ArrayBuffer>,
    transferSyntaxUid: string,
    options: ImageOptions
  ): Promise<CornerstoneImage> => {
    const stockImageId = toStockImageId(imageId);
    const isRGB =
      LOSSY_JPEG.includes(transferSyntaxUid) &&
      photometricInterpretation(cornerstone, stockImageId) === 'RGB';
    const pixelData = isRGB ? declareRGB(bytes) : bytes;
    handedOver.set(stockImageId, { pixelData, transferSyntaxUid });
    try {
      // It takes the bytes in this turn.
      return cornerstone.imageLoader.loadImage(stockImageId, options);
    } finally {
      handedOver.delete(stockImageId);
    }
  };

  const failures = new WeakSet<object>();
  // Nobody catches the failure of an image that is fetched ahead, and the viewer says "Something went wrong" to each. Ours are said in
  // their viewport, and what ends because the study is left needs no words.
  addEventListener('unhandledrejection', event => {
    const { reason } = event as { reason: unknown };
    if (typeof reason !== 'object' || reason === null || !failures.has(reason)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });

  cornerstone.imageLoader.registerImageLoader(FRAME_SCHEME, (imageId, options = {}) => {
    const load = async (): Promise<CornerstoneImage> => {
      const { resource, dicomwebRoot } = frameOfImageId(imageId) ?? {};
      const loader = dicomwebRoot === undefined ? undefined : loaderOf(dicomwebRoot);
      if (!resource || !loader) throw new Error('No data source is known for this image.');
      const { bytes, transferSyntaxUID } = await loader.load(resource, urgencyOf(options));
      const image = await decode(
        imageId,
        // The loader keeps its own.
        options.transferPixelData ? bytes.slice() : bytes,
        transferSyntaxUID ?? IMPLICIT_VR_LITTLE_ENDIAN,
        options
      );
      return Object.assign(image, { imageId });
    };
    const promise = load();
    promise.catch((error: unknown) => {
      if (typeof error === 'object' && error !== null) failures.add(error);
    });
    return { promise, cancelFn: undefined };
  });
  cornerstone.imageLoadPoolManager.setMaxSimultaneousRequests('prefetch', MAX_PREFETCH);
}

/** What the stock loader takes raw pixels for where an archive does not name the transfer syntax. */
const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';

/** JPEG baseline and extended. */
const LOSSY_JPEG: readonly string[] = ['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.51'];

function photometricInterpretation({ metaData }: Cornerstone, imageId: string): unknown {
  const module = metaData.get('imagePixelModule', imageId);
  return (module as { photometricInterpretation?: unknown } | undefined)?.photometricInterpretation;
}

function urgencyOf({ requestType }: ImageOptions): Urgency {
  if (requestType === 'thumbnail') return 'preview';
  return requestType === 'prefetch' || requestType === 'compute' ? 'soon' : 'now';
}
