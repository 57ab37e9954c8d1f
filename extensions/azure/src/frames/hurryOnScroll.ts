import type { FrameLoader } from '@ohif-azure/dicomweb';
import { frameOfImageId } from './frameImageId.ts';

/** Sent by a stack viewport to its element when the reader moves to another image, before that is loaded. */
const SCROLL = 'CORNERSTONE_STACK_VIEWPORT_SCROLL';

/**
 * A frame that is on its way already is not asked for again when somebody scrolls to it; this tells its loader to
 * hurry. The events do not bubble, hence the capture.
 */
export function hurryOnScroll(
  loaderOf: (dicomwebRoot: string) => FrameLoader | undefined,
  target: EventTarget = document
): void {
  target.addEventListener(
    SCROLL,
    event => {
      const { imageId } = (event as CustomEvent<{ imageId?: unknown }>).detail ?? {};
      const frame = typeof imageId === 'string' ? frameOfImageId(imageId) : undefined;
      if (frame) loaderOf(frame.dicomwebRoot)?.hurry(frame.resource);
    },
    { capture: true }
  );
}
