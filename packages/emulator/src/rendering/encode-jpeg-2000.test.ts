import { imagePixels } from '../part10/image-pixels.ts';
import { readPart10Header } from '../part10/part10-reader.ts';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import { decodeFrame } from './decode-frame.ts';
import { encodeJpeg2000Lossless } from './encode-jpeg-2000.ts';
import { joinComponents } from './jpeg-2000-codestream.ts';
import { CodecError } from './wasm-codecs.ts';

const [ROWS, COLUMNS] = [19, 37];
const COUNT = ROWS * COLUMNS;

interface Image {
  samplesPerPixel: number;
  allocated: number;
  stored: number;
  highBit?: number;
  signed?: boolean;
  colours?: string;
  planar?: number;
}

function headerOf(image: Image, colours: string) {
  const { samplesPerPixel, allocated, stored, highBit = stored - 1, signed = false } = image;
  return readPart10Header(
    buildPart10(
      instanceElements({
        '00280002': ['US', [samplesPerPixel]],
        '00280004': ['CS', colours],
        '00280006': ['US', [0]],
        '00280010': ['US', [ROWS]],
        '00280011': ['US', [COLUMNS]],
        '00280100': ['US', [allocated]],
        '00280101': ['US', [stored]],
        '00280102': ['US', [highBit]],
        '00280103': ['US', [signed ? 1 : 0]],
      }),
      {
        transferSyntax: '1.2.840.10008.1.2.4.90',
        fragments: [Buffer.alloc(0), Buffer.alloc(2)],
      }
    ),
    true
  );
}

/** Samples over the whole range, the ends of it among the first. */
function samplesOf({ samplesPerPixel, allocated, stored, highBit, signed }: Image): Buffer {
  const bits = highBit === undefined ? stored : allocated;
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const samples = Buffer.alloc((COUNT * samplesPerPixel * allocated) / 8);
  for (let at = 0; at < COUNT * samplesPerPixel; at += 1) {
    const wave = Math.floor((Math.sin(at / 41) + 1) * 2 ** (bits - 2)) + ((at * 7919) % 3);
    const value = least + ([0, 2 ** bits - 1][at] ?? Math.min(wave, 2 ** bits - 1));
    if (allocated === 8) samples[at] = value & 0xff;
    else samples.writeUInt16LE(value & 0xffff, at * 2);
  }
  return samples;
}

const RGB = { samplesPerPixel: 3, colours: 'RGB' };
const GRAY = { samplesPerPixel: 1 };

// Rows: PS3.5 A.4.4, 8.2.4; ITU-T T.800 A.5.1 (depth of a component), A.6.1 (colour transform).
it.each([
  ['8 bits', { ...GRAY, allocated: 8, stored: 8 }, 0x07, 0, 'MONOCHROME2'],
  ['8 bits signed', { ...GRAY, allocated: 8, stored: 8, signed: true }, 0x87, 0, 'MONOCHROME2'],
  [
    '5 of 8 bits signed',
    { ...GRAY, allocated: 8, stored: 5, signed: true },
    0x84,
    0,
    'MONOCHROME2',
  ],
  ['8 of 16 bits', { ...GRAY, allocated: 16, stored: 8 }, 0x07, 0, 'MONOCHROME2'],
  [
    '7 of 16 bits signed',
    { ...GRAY, allocated: 16, stored: 7, signed: true },
    0x86,
    0,
    'MONOCHROME2',
  ],
  ['12 bits signed', { ...GRAY, allocated: 16, stored: 12, signed: true }, 0x8b, 0, 'MONOCHROME2'],
  ['16 bits', { ...GRAY, allocated: 16, stored: 16 }, 0x0f, 0, 'MONOCHROME2'],
  [
    '12 bits which stand above',
    { ...GRAY, allocated: 16, stored: 12, highBit: 15 },
    0x0f,
    0,
    'MONOCHROME2',
  ],
  ['RGB', { ...RGB, allocated: 8, stored: 8 }, 0x07, 1, 'YBR_RCT'],
  ['RGB by planes', { ...RGB, allocated: 8, stored: 8, planar: 1 }, 0x07, 1, 'YBR_RCT'],
  ['RGB of 8 bits signed', { ...RGB, allocated: 8, stored: 8, signed: true }, 0x87, 1, 'YBR_RCT'],
  ['RGB of 8 in 16 bits', { ...RGB, allocated: 16, stored: 8 }, 0x07, 1, 'YBR_RCT'],
  ['RGB of 10 bits', { ...RGB, allocated: 16, stored: 10 }, 0x09, 0, 'RGB'],
  ['RGB of 12 bits by planes', { ...RGB, allocated: 16, stored: 12, planar: 1 }, 0x0b, 0, 'RGB'],
  ['RGB of 12 bits signed', { ...RGB, allocated: 16, stored: 12, signed: true }, 0x8b, 0, 'RGB'],
  ['RGB of 16 bits', { ...RGB, allocated: 16, stored: 16 }, 0x0f, 0, 'RGB'],
  ['RGB of 16 bits signed', { ...RGB, allocated: 16, stored: 16, signed: true }, 0x8f, 0, 'RGB'],
] as [string, Image, number, number, string][])(
  '%s: every sample comes back',
  async (_, image, depth, transform, colours) => {
    const samples = samplesOf(image);
    const { samplesPerPixel, planar = 0, colours: before = 'MONOCHROME2' } = image;
    const frame = { samples, photometricInterpretation: before, planarConfiguration: planar };
    const encoded = await encodeJpeg2000Lossless(frame, imagePixels(headerOf(image, before)));
    expect(encoded.photometricInterpretation).toBe(colours);
    // SOC, then SIZ: 38 bytes of it before the components' descriptions, of three bytes each.
    const described = encoded.bytes.subarray(42, 42 + 3 * samplesPerPixel);
    expect(encoded.bytes.readUInt16BE(40)).toBe(samplesPerPixel);
    expect([...described]).toEqual(
      Array.from({ length: samplesPerPixel }, () => [depth, 1, 1]).flat()
    );
    // COD: the colour transform, and the reversible wavelet transform.
    const coding = encoded.bytes.indexOf(Buffer.from([0xff, 0x52]));
    expect([encoded.bytes[coding + 8], encoded.bytes[coding + 13]]).toEqual([transform, 1]);

    const header = headerOf(image, colours);
    const decoded = await decodeFrame(encoded.bytes, header, imagePixels(header));
    expect(decoded.planarConfiguration).toBe(0);
    expect(decoded.photometricInterpretation).toBe(before);
    const size = image.allocated / 8;
    for (let at = 0; at < COUNT * samplesPerPixel; at += 1) {
      const from = planar === 1 ? (at % 3) * COUNT + Math.floor(at / 3) : at;
      const wanted = samples.subarray(from * size, (from + 1) * size);
      if (!decoded.samples.subarray(at * size, (at + 1) * size).equals(wanted)) {
        throw new Error(`sample ${at} differs`);
      }
    }
  }
);

it('YBR_FULL becomes RGB (fo-dicom.Codecs DicomJpeg2000NativeCodec.Encode)', async () => {
  const image = { ...RGB, allocated: 8, stored: 8, colours: 'YBR_FULL' };
  const samples = Buffer.alloc(COUNT * 3, Buffer.from([76, 85, 255]));
  const frame = { samples, photometricInterpretation: 'YBR_FULL', planarConfiguration: 0 };
  const pixels = imagePixels(headerOf(image, 'YBR_FULL'));
  const encoded = await encodeJpeg2000Lossless(frame, pixels);
  expect(encoded.photometricInterpretation).toBe('YBR_RCT');
  const decoded = await decodeFrame(encoded.bytes, headerOf(image, 'YBR_RCT'), pixels);
  expect([...decoded.samples.subarray(0, 3)]).toEqual([254, 0, 0]);
});

it.each([
  ['YBR_FULL', 'YBR_FULL'],
  ['YBR_FULL_422', 'YBR_FULL'],
  ['YBR_PARTIAL_422', 'YBR_FULL'],
  ['YBR_ICT', 'RGB'],
])('samples of %s in JPEG 2000 are %s', async (colours, decodedColours) => {
  const image = { ...RGB, allocated: 8, stored: 8 };
  const frame = {
    samples: samplesOf(image),
    photometricInterpretation: 'RGB',
    planarConfiguration: 0,
  };
  const { bytes } = await encodeJpeg2000Lossless(frame, imagePixels(headerOf(image, 'RGB')));
  const header = headerOf(image, colours);
  const decoded = await decodeFrame(bytes, header, imagePixels(header));
  expect(decoded.photometricInterpretation).toBe(decodedColours);
});

it.each([
  ['four samples a pixel', { samplesPerPixel: 4, allocated: 8, stored: 8, colours: 'ARGB' }],
  ['YBR_PARTIAL_422', { ...RGB, allocated: 8, stored: 8, colours: 'YBR_PARTIAL_422' }],
  ['YBR_FULL of 16 bits', { ...RGB, allocated: 16, stored: 16, colours: 'YBR_FULL' }],
  ['32 bits', { ...GRAY, allocated: 32, stored: 32 }],
  ['1 bit', { ...GRAY, allocated: 1, stored: 1 }],
] as [string, Image][])('there is no encoder for %s', async (_, image) => {
  const { colours = 'MONOCHROME2' } = image;
  const frame = {
    samples: Buffer.alloc(COUNT * 16),
    photometricInterpretation: colours,
    planarConfiguration: 0,
  };
  const pixels = imagePixels(headerOf(image, colours));
  await expect(encodeJpeg2000Lossless(frame, pixels)).rejects.toThrow(CodecError);
});

it('a codestream which is not of one tile-part is not joined', () => {
  expect(() => joinComponents([])).toThrow(CodecError);
  expect(() => joinComponents([Buffer.alloc(8)])).toThrow(/out of range/);
});
