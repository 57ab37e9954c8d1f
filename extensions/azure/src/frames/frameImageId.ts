import type { FrameResource } from '@ohif-azure/dicomweb';

/** The scheme of the image ids whose frames our loader gets. */
export const FRAME_SCHEME = 'azure-frames';

const STOCK =
  /^wadors:(.*\/studies\/([\d.]+)\/series\/([\d.]+)\/instances\/([\d.]+)\/frames\/(\d+))$/;

/** The stock image id in our scheme; anything but a single frame of DICOMweb stays as it is. */
export function toFrameImageId(stockImageId: string): string {
  const [, url] = STOCK.exec(stockImageId) ?? [];
  return url ? `${FRAME_SCHEME}:${url}` : stockImageId;
}

/** The stock image id of the same frame: the viewer knows its metadata by it. */
export function toStockImageId(frameImageId: string): string {
  return frameImageId.startsWith(`${FRAME_SCHEME}:`)
    ? `wadors:${frameImageId.slice(FRAME_SCHEME.length + 1)}`
    : frameImageId;
}

/** The frame that an image id of ours stands for, and the DICOMweb root it is below. */
export function frameOfImageId(
  imageId: string
): { resource: FrameResource; dicomwebRoot: string } | undefined {
  const [, url = '', studyInstanceUID, seriesInstanceUID, sopInstanceUID, frame] =
    STOCK.exec(toStockImageId(imageId)) ?? [];
  if (!studyInstanceUID || !seriesInstanceUID || !sopInstanceUID) return undefined;
  return {
    resource: { studyInstanceUID, seriesInstanceUID, sopInstanceUID, frame: Number(frame) },
    dicomwebRoot: url.slice(0, url.lastIndexOf('/studies/')),
  };
}
