/**
 * What the frame loader uses of Cornerstone3D 5.6 as the viewer puts it on the page (`window.cornerstone`), typed
 * by hand.
 */
export interface Cornerstone {
  imageLoader: {
    registerImageLoader(scheme: string, loader: ImageLoader): void;
    loadImage(imageId: string, options: ImageOptions): Promise<CornerstoneImage>;
  };
  metaData: {
    addProvider(provider: MetaDataProvider, priority: number): void;
    get(type: string, imageId: string): unknown;
    /** Since 5.6: the stock loader asks here for a frame's bytes before it asks the archive. */
    getTyped?: unknown;
  };
  imageLoadPoolManager: {
    setMaxSimultaneousRequests(requestType: string, most: number): void;
  };
  cache: { getMaxCacheSize(): number };
}

export interface ImageOptions {
  /** `interaction`, `thumbnail`, `prefetch` or `compute`. */
  requestType?: string;
  /** The decoder takes the buffer over. */
  transferPixelData?: boolean;
  [name: string]: unknown;
}

export interface CornerstoneImage {
  imageId: string;
  [name: string]: unknown;
}

export type ImageLoader = (
  imageId: string,
  options?: ImageOptions
) => { promise: Promise<CornerstoneImage>; cancelFn: undefined };

export type MetaDataProvider = (type: string, imageId: string) => unknown;

/** The viewer's own Cornerstone; undefined where it can be handed no bytes (before OHIF 3.13). */
export function cornerstoneOfPage(): Cornerstone | undefined {
  const { cornerstone } = globalThis as { cornerstone?: Cornerstone };
  return cornerstone?.metaData.getTyped && cornerstone.imageLoadPoolManager
    ? cornerstone
    : undefined;
}
