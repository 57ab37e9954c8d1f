/** Bytes of the slabs there are. */
const SIZES = [64 * 1024, 256 * 1024, 1024 * 1024] as const;
/** Bytes of all slabs which wait to be used again. */
const MAX_FREE_BYTES = 16 * 1024 * 1024;

const FREE = new Map<number, Buffer[]>(SIZES.map(size => [size, []]));
let freeBytes = 0;

/**
 * Memory which is used again and again. New buffers of 100 KB for each instance make the garbage
 * collector go over the whole index every few dozen instances, which takes a sixth of the time.
 *
 * @returns at least so many bytes, with any content, to be given back to {@link giveSlab}.
 */
export function takeSlab(bytes: number): Buffer {
  const size = SIZES.find(one => one >= bytes);
  const slab = size === undefined ? undefined : FREE.get(size)?.pop();
  if (!slab) return Buffer.allocUnsafeSlow(size ?? bytes);
  freeBytes -= slab.length;
  return slab;
}

/** Takes a slab back. Nothing may read it any more. */
export function giveSlab(slab: Buffer): void {
  const free = FREE.get(slab.length);
  if (!free || freeBytes + slab.length > MAX_FREE_BYTES) return;
  free.push(slab);
  freeBytes += slab.length;
}
