import type { DataSource } from '../ohif.ts';
import { toFrameImageId } from './frameImageId.ts';

/** Their viewers get the frames by other ways, and look for stock image ids. */
const STOCK_MODALITIES = new Set(['SEG', 'SM']);

/**
 * `getImageIdsForInstance` of a data source whose images are loaded by our loader. The viewer compares the ids of
 * images with `imageId` of their instances, so the instance gets the same.
 */
export function frameImageIds(inner: DataSource): DataSource['getImageIdsForInstance'] {
  return ({ instance, frame }) => {
    const stock = inner.getImageIdsForInstance({ instance, frame });
    if (typeof stock !== 'string' || STOCK_MODALITIES.has(String(instance.Modality))) return stock;
    const first = inner.getImageIdsForInstance({ instance });
    Object.defineProperty(instance, 'imageId', {
      value: toFrameImageId(first ?? stock),
      enumerable: false,
      writable: true,
      configurable: true,
    });
    return toFrameImageId(stock);
  };
}
