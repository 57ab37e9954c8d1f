/** What fo-dicom makes of a frame, and so the service. Values were worked out by hand from its source. */
import { colour, gray, outcome, picture, pictureRows } from '../testing/picture.ts';
import type { BuilderElements } from '../testing/part10-builder.ts';
import type { PictureCells } from '../testing/picture.ts';

function check(rows: readonly PictureCells[]): void {
  it.each(pictureRows(rows))('$title ($source)', async row => {
    expect(await outcome(row)).toEqual(row.expected);
  });
}

const PIXELS = 'PixelDataFactory.Create';

describe('inversion, and samples', () => {
  check([
    [
      'MONOCHROME1',
      'GetColorMap',
      gray(16, [0, 2], { '00280004': ['CS', 'MONOCHROME1'] }),
      [255, 0],
    ],
    [
      'Presentation LUT Shape INVERSE',
      'not in fo-dicom’s renderer',
      gray(16, [0, 2], { '20500020': ['CS', 'INVERSE'] }),
      [0, 255],
    ],
    [
      'MONOCHROME',
      'PhotometricInterpretation.Parse',
      gray(16, [0, 2], { '00280004': ['CS', 'MONOCHROME'] }),
      [0, 255],
    ],
    [
      'no Photometric Interpretation',
      'DicomImage',
      gray(16, [0, 2], { '00280004': undefined }),
      [0, 255],
    ],
    ['signed', PIXELS, gray(16, [0xffff, 1], { '00280103': ['US', [1]] }), [0, 255]],
    [
      '8 bits signed, which are read as unsigned and limited',
      'GrayscalePixelDataU8',
      gray(8, [0xff, 1], { '00280103': ['US', [1]] }),
      [255, 0],
    ],
    [
      '7 of 8 bits signed',
      'GrayscalePixelDataS16',
      gray(8, [0x7f, 1], {
        '00280101': ['US', [7]],
        '00280102': ['US', [6]],
        '00280103': ['US', [1]],
      }),
      [0, 255],
    ],
    [
      'bits above Bits Stored do not count',
      'GrayscalePixelDataU16',
      gray(16, [0xf000, 0x0fff], { '00280101': ['US', [12]], '00280102': ['US', [11]] }),
      [0, 255],
    ],
    [
      'High Bit above',
      'GrayscalePixelDataU16',
      gray(16, [0x001f, 0x0020, 0x0040], { '00280101': ['US', [12]], '00280102': ['US', [15]] }),
      [0, 127, 255],
    ],
    [
      '24 of 32 bits',
      'GrayscalePixelDataU32',
      gray(32, [0x10000, 0x20000], { '00280101': ['US', [24]], '00280102': ['US', [23]] }),
      [0, 255],
    ],
    ['32 bits: all alike', 'BitDepth.GetMaximumValue', gray(32, [0x10000, 0x20000]), [0, 0]],
    [
      '32 bits signed',
      'PrecalculatedLUT',
      gray(32, [1, 2], { '00280103': ['US', [1]] }),
      'refused',
    ],
    [
      '1 bit',
      'SingleBitPixelData',
      { ...gray(1, []), '00280011': ['US', [4]], '7FE00010': ['OB', new Uint8Array([0b0101, 0])] },
      [255, 0, 255, 0],
    ],
    [
      '1 bit of a Multi-frame Single Bit Secondary Capture, from the other end',
      PIXELS,
      {
        ...gray(1, []),
        '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.7.1'],
        '00280011': ['US', [4]],
        '7FE00010': ['OB', new Uint8Array([0b1010_0000, 0])],
      },
      [255, 0, 255, 0],
    ],
    [
      '64 bits',
      PIXELS,
      { ...gray(16, [1, 2, 3, 4]), '00280011': ['US', [1]], '00280100': ['US', [64]] },
      'refused',
    ],
  ]);
});

/** Two colours: 1 2 3 and 4 5 6; the tables' entries are of 16 bits. */
const PALETTE: BuilderElements = {
  '00280004': ['CS', 'PALETTE COLOR'],
  '00281101': ['US', [2, 0, 16]],
  '00281102': ['US', [2, 0, 16]],
  '00281103': ['US', [2, 0, 16]],
  '00281201': ['OW', [0x100, 0x400]],
  '00281202': ['OW', [0x200, 0x500]],
  '00281203': ['OW', [0x300, 0x600]],
};

describe('colours', () => {
  check([
    ['RGB', PIXELS, colour('RGB', [1, 2, 3, 4, 5, 6], 2), [1, 2, 3, 4, 5, 6]],
    [
      'RGB by planes',
      'PlanarToInterleaved24',
      colour('RGB', [1, 4, 2, 5, 3, 6], 2, 1),
      [1, 2, 3, 4, 5, 6],
    ],
    [
      'no Photometric Interpretation',
      'DicomImage',
      { ...colour('', [1, 2, 3, 4, 5, 6], 2), '00280004': undefined },
      [1, 2, 3, 4, 5, 6],
    ],
    [
      'RGB of 16 bits: bytes are taken for samples',
      'ColorPixelData24',
      {
        ...colour('RGB', [], 1),
        '00280100': ['US', [16]],
        '7FE00010': ['OW', [0x201, 0x403, 0x605]],
      },
      [1, 2, 3],
    ],
    [
      'YBR_FULL',
      'YbrFullToRgb, C.7.6.3.1.2',
      colour('YBR_FULL', [100, 128, 128, 76, 85, 255], 2),
      [100, 100, 100, 254, 0, 0],
    ],
    [
      'YBR_FULL_422',
      'YbrFull422ToRgb',
      colour('YBR_FULL_422', [100, 50, 128, 128], 2),
      [100, 100, 100, 50, 50, 50],
    ],
    [
      'YBR_FULL_422, an odd number of columns',
      'YbrFull422ToRgb',
      colour('YBR_FULL_422', [100, 50, 128, 128, 7, 0, 128, 128], 3),
      [100, 100, 100, 50, 50, 50, 7, 7, 7],
    ],
    [
      'YBR_FULL_422, rows of one column',
      'DicomPixelData.UncompressedFrameSize',
      { ...colour('YBR_FULL_422', [100, 0, 128, 128, 7, 0, 128, 128], 1), '00280010': ['US', [2]] },
      [100, 100, 100, 7, 7, 7],
    ],
    [
      'YBR_FULL_422 by planes',
      PIXELS,
      colour('YBR_FULL_422', [100, 50, 128, 128], 2, 1),
      'refused',
    ],
    [
      'YBR_PARTIAL_422',
      'YbrPartial422ToRgb',
      colour('YBR_PARTIAL_422', [16, 235, 128, 128], 2),
      [0, 0, 0, 255, 255, 255],
    ],
    [
      'YBR_PARTIAL_420',
      'CreatePipelineData',
      { ...colour('YBR_PARTIAL_420', [1, 2, 3, 4, 5, 6], 2), '00280010': ['US', [2]] },
      'refused',
    ],
    [
      'YBR_RCT which is not compressed',
      PIXELS,
      colour('YBR_RCT', [1, 2, 3, 4, 5, 6], 2),
      'refused',
    ],
    [
      'ARGB, an unknown one, is taken for RGB',
      'PhotometricInterpretation.Parse, GetSingleValueOrDefault',
      { ...colour('ARGB', [1, 2, 3, 4], 1), '00280002': ['US', [4]] },
      [1, 2, 3],
    ],
    [
      'an unknown one of one sample is taken for MONOCHROME2',
      'DicomImage',
      gray(16, [0, 2], { '00280004': ['CS', 'HSV'] }),
      [0, 255],
    ],
    [
      'with colour tables, for PALETTE COLOR',
      'DicomImage',
      gray(8, [0, 1], { ...PALETTE, '00280004': undefined }),
      [1, 2, 3, 4, 5, 6],
    ],
    [
      'RGB of one sample',
      'ColorPixelData24',
      { ...colour('RGB', [1, 2], 2), '00280002': ['US', [1]] },
      'refused',
    ],
  ]);
});

const BYTES: BuilderElements = {
  '00281201': ['OW', Buffer.from([1, 4])],
  '00281202': ['OW', Buffer.from([2, 5])],
  '00281203': ['OW', Buffer.from([3, 6])],
};

describe('PALETTE COLOR', () => {
  const COLOURS = 'DicomPixelData.PaletteColorLUT';
  check([
    ['of 16 bits', `${COLOURS}, C.7.6.3.1.5`, gray(8, [0, 1], PALETTE), [1, 2, 3, 4, 5, 6]],
    [
      'of 8 bits',
      COLOURS,
      gray(8, [0, 1], { ...PALETTE, ...BYTES, '00281101': ['US', [2, 0, 8]] }),
      [1, 2, 3, 4, 5, 6],
    ],
    [
      'of 8 bits, one to a word',
      COLOURS,
      gray(8, [0, 1], {
        ...PALETTE,
        '00281101': ['US', [2, 0, 8]],
        '00281201': ['OW', [1, 4]],
        '00281202': ['OW', [2, 5]],
        '00281203': ['OW', [3, 6]],
      }),
      [1, 2, 3, 4, 5, 6],
    ],
    [
      'values below the first entry',
      'PaletteColorLUT',
      gray(8, [0, 6], { ...PALETTE, '00281101': ['US', [2, 5, 16]] }),
      [1, 2, 3, 4, 5, 6],
    ],
    ['a value behind the last entry', 'PaletteColorLUT', gray(8, [0, 2], PALETTE), 'refused'],
    [
      'without a descriptor',
      COLOURS,
      gray(8, [0, 1], { ...PALETTE, '00281101': undefined }),
      'refused',
    ],
    [
      'without tables',
      COLOURS,
      gray(8, [0, 1], { '00280004': ['CS', 'PALETTE COLOR'] }),
      'refused',
    ],
    [
      'with segmented tables alone',
      COLOURS,
      gray(8, [0, 1], {
        ...PALETTE,
        '00281201': undefined,
        '00281202': undefined,
        '00281203': undefined,
        '00281221': ['OW', [0, 2, 0x100, 0x400]],
        '00281222': ['OW', [0, 2, 0x200, 0x500]],
        '00281223': ['OW', [0, 2, 0x300, 0x600]],
      }),
      'refused',
    ],
  ]);
});

it('words of Big Endian', async () => {
  const options = { transferSyntax: '1.2.840.10008.1.2.2' };
  expect(await picture(gray(16, [1, 256]), options)).toEqual([0, 255]);
  expect(await picture(gray(8, [0, 1], PALETTE), options)).toEqual([1, 2, 3, 4, 5, 6]);
});
