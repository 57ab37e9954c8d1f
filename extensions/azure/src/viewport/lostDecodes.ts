/** Names of the stock image loader's functions behind the decoder (Cornerstone3D 5.6). */
const AFTER_DECODING =
  /createImage|convertColorSpace|convertYBR|convertRGB|convertPALETTE|convertPaletteColor|setPixelDataType|getMinMax|removeAFromRGBA/;
/** An image that is there after this time, in milliseconds, was not the one. */
const PATIENCE_MS = 1_000;

/**
 * An image which the stock loader decodes and then fails to turn into colours never comes, and never fails either: its promise is not settled, and
 * all that is heard of it is a rejection that nobody handles. After one of those, whatever a viewport still waits for is what failed.
 *
 * @param waiting - image ids that viewports wait for
 * @returns a function that ends it
 */
export function watchLostDecodes(
  waiting: () => readonly string[],
  onLost: (imageId: string, error: unknown) => void
): () => void {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const listen = ({ reason }: PromiseRejectionEvent) => {
    if (!(reason instanceof Error) || !AFTER_DECODING.test(reason.stack ?? '')) return;
    const before = waiting();
    const timer = setTimeout(() => {
      timers.delete(timer);
      const now = waiting();
      before.filter(imageId => now.includes(imageId)).forEach(imageId => onLost(imageId, reason));
    }, PATIENCE_MS);
    timers.add(timer);
  };
  window.addEventListener('unhandledrejection', listen);
  return () => {
    window.removeEventListener('unhandledrejection', listen);
    timers.forEach(clearTimeout);
  };
}
