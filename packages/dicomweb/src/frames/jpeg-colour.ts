const SOI = 0xd8;
const SOS = 0xda;
const APP0 = 0xe0;
const APP14 = 0xee;
/** Start of frame, baseline and extended sequential: the processes of 1.2.840.10008.1.2.4.50 and .51. */
const START_OF_FRAME: readonly number[] = [0xc0, 0xc1];
const NOT_SUBSAMPLED = 0x11;

/** `Adobe`, version 100, no flags, and the transform 0: the components are stored as they are. */
const ADOBE_AS_STORED = Uint8Array.of(
  ...[0xff, APP14, 0, 14],
  ...[0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0]
);

/**
 * A JPEG image of PhotometricInterpretation RGB, so that decoders take it for RGB. JPEG itself does not say which colours its
 * components are; where there is neither a JFIF nor an Adobe marker, decoders guess YCbCr, and show RGB in wrong colours. With an Adobe
 * marker they need not guess.
 *
 * Many images are called RGB and are YCbCr. Those whose colours have fewer samples than the brightness are surely such; they are left
 * alone, as is what has a marker, and what is no such image.
 * @see ISO/IEC 10918-6 (JFIF and Adobe markers); PS3.5 8.2.1; PS3.3 C.7.6.3.1.2
 */
export function declareRGB(jpeg: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!isUndeclaredRGB(jpeg)) return jpeg;
  const declared = new Uint8Array(jpeg.length + ADOBE_AS_STORED.length);
  declared.set(jpeg.subarray(0, 2));
  declared.set(ADOBE_AS_STORED, 2);
  declared.set(jpeg.subarray(2), 2 + ADOBE_AS_STORED.length);
  return declared;
}

function isUndeclaredRGB(jpeg: Uint8Array): boolean {
  if (jpeg[0] !== 0xff || jpeg[1] !== SOI) return false;
  for (let at = 2; jpeg[at] === 0xff;) {
    const marker = jpeg[at + 1] ?? SOS;
    if (marker === APP0 || marker === APP14 || marker === SOS) return false;
    if (START_OF_FRAME.includes(marker)) {
      // Length, precision, lines, samples, then identifier, sampling and table of each component.
      const samplings = [at + 11, at + 14, at + 17].map(index => jpeg[index]);
      return jpeg[at + 9] === 3 && samplings.every(each => each === NOT_SUBSAMPLED);
    }
    at += 2 + ((jpeg[at + 2] ?? 0) << 8) + (jpeg[at + 3] ?? 0);
  }
  return false;
}
