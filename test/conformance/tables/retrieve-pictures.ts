import { decode as decodePng } from 'fast-png';
import type {
  BuilderElements,
  BuilderOptions,
} from '../../../packages/emulator/src/testing/part10-builder.ts';
import { readPart10Header } from '../../../packages/emulator/src/part10/part10-reader.ts';
import type { Row, Table } from '../support/row.ts';
import { framesOf } from '../support/retrieved.ts';

const CONVERSION =
  'An error was encountered when attempting to convert the dicom file into an image';
const J2K = '1.2.840.10008.1.2.4.90';

/** A row of pixels of 16 bits. */
const gray = (pixels: number[], more: BuilderElements = {}): BuilderElements => ({
  '00280010': ['US', [1]],
  '00280011': ['US', [pixels.length]],
  '7FE00010': ['OW', pixels],
  ...more,
});
/** A row of pixels of three bytes. */
const colour = (photometric: string, pixels: number[], columns: number): BuilderElements => ({
  ...gray(pixels),
  '00280002': ['US', [3]],
  '00280004': ['CS', photometric],
  '00280006': ['US', [0]],
  '00280011': ['US', [columns]],
  '00280100': ['US', [8]],
  '00280101': ['US', [8]],
  '00280102': ['US', [7]],
  '7FE00010': ['OB', pixels],
});
const window = (center: number, width: number, kind = 'LINEAR'): BuilderElements => ({
  '00281050': ['DS', String(center)],
  '00281051': ['DS', String(width)],
  '00281056': ['CS', kind],
});
const lut = (sequence: string, descriptor: number[], data: number[] | Buffer): BuilderElements => ({
  [sequence]: ['SQ', [{ '00283002': ['US', descriptor], '00283006': ['OW', data] }]],
});
const OVERLAY: BuilderElements = {
  '60000010': ['US', [1]],
  '60000011': ['US', [3]],
  '60000040': ['CS', 'G'],
  '60000050': ['SS', [1, 1]],
  '60000100': ['US', [1]],
  '60000102': ['US', [0]],
  '60003000': ['OW', [0b010]],
};
const PALETTE: BuilderElements = {
  '00280004': ['CS', 'PALETTE COLOR'],
  '00281101': ['US', [2, 0, 16]],
  '00281102': ['US', [2, 0, 16]],
  '00281103': ['US', [2, 0, 16]],
};
const TABLES: BuilderElements = {
  '00281201': ['OW', [0x100, 0x400]],
  '00281202': ['OW', [0x200, 0x500]],
  '00281203': ['OW', [0x300, 0x600]],
};

/** Title, the class of fo-dicom (version 5.1.3) or the clause, the frame, its pixels; without pixels 406. */
const PICTURES: readonly [string, string, BuilderElements, number[]?][] = [
  [
    'the range of values',
    'GrayscaleRenderOptions.FromMinMax',
    gray([100, 150, 200]),
    [0, 128, 255],
  ],
  [
    'LINEAR',
    'VOILinearLUT, PS3.3 C.11.2.1.2',
    gray([0, 100, 200], window(100, 101)),
    [0, 128, 255],
  ],
  [
    'LINEAR_EXACT',
    'VOILinearExactLUT, PS3.3 C.11.2.1.3.2',
    gray([50, 100, 150], window(100, 100, 'LINEAR_EXACT')),
    [0, 127, 255],
  ],
  [
    'SIGMOID',
    'VOISigmoidLUT, PS3.3 C.11.2.1.3.1',
    gray([0, 100, 200], window(100, 100, 'SIGMOID')),
    [4, 127, 250],
  ],
  [
    'rescale before the window',
    'ModalityRescaleLUT, PS3.3 C.11.1.1.2',
    gray([0, 1000], { ...window(100, 101), '00281052': ['DS', '-900'], '00281053': ['DS', '1'] }),
    [0, 128],
  ],
  [
    'window and rescale of the frame’s functional groups',
    'GrayscaleRenderOptions.FromFunctionalWindowLevel',
    gray([0, 50], {
      '52009230': [
        'SQ',
        [
          {
            '00289132': ['SQ', [{ '00281050': ['DS', '100'], '00281051': ['DS', '101'] }]],
            '00289145': ['SQ', [{ '00281052': ['DS', '0'], '00281053': ['DS', '2'] }]],
          },
        ],
      ],
    }),
    [0, 128],
  ],
  [
    'Smallest and Largest Image Pixel Value, without a window',
    'GrayscaleRenderOptions.FromImagePixelValueTags',
    gray([0, 150, 300], { '00280106': ['US', [100]], '00280107': ['US', [200]] }),
    [0, 128, 255],
  ],
  [
    'a Modality LUT Sequence before rescale',
    'ModalitySequenceLUT, PS3.3 C.11.1.1.1',
    gray([0, 1, 2], {
      '00280101': ['US', [12]],
      '00280102': ['US', [11]],
      ...window(100, 101),
      '00281053': ['DS', '9'],
      ...lut('00283000', [3, 0, 16], [50, 100, 150]),
    }),
    [1, 128, 255],
  ],
  [
    'a Modality LUT of 65,536 entries: 406',
    'ModalitySequenceLUT.GetLUTDescriptor',
    gray([0, 1, 2], { ...window(100, 101), ...lut('00283000', [0, 0, 16], Buffer.alloc(131_072)) }),
  ],
  [
    'a VOI LUT Sequence before the window',
    'GenericGrayscalePipeline, PS3.3 C.11.2.1.1',
    gray([0, 1, 2], { ...window(1, 1), ...lut('00283010', [3, 0, 16], [0, 100, 200]) }),
    [0, 128, 255],
  ],
  [
    'a VOI LUT of bytes, two to a word: 406',
    'VOISequenceLUT.Recalculate',
    gray([0, 1], lut('00283010', [4, 0, 8], Buffer.from([1, 2, 3, 4]))),
  ],
  [
    'MONOCHROME1',
    'GrayscaleRenderOptions.GetColorMap',
    gray([0, 2], { '00280004': ['CS', 'MONOCHROME1'] }),
    [255, 0],
  ],
  [
    'Presentation LUT Shape INVERSE has no effect',
    'GrayscaleRenderOptions',
    gray([0, 2], { '20500020': ['CS', 'INVERSE'] }),
    [0, 255],
  ],
  [
    'graphics overlays are drawn in magenta',
    'OverlayGraphic.Render, PS3.3 C.9.2',
    gray([0, 100, 200], { ...window(100, 101), ...OVERLAY }),
    [0, 0, 0, 255, 128, 255, 255, 255, 255],
  ],
  [
    'ROI overlays are not drawn',
    'DicomImage.CreateGraphicsOverlays',
    gray([0, 100, 200], { ...window(100, 101), ...OVERLAY, '60000040': ['CS', 'R'] }),
    [0, 128, 255],
  ],
  [
    'YBR_FULL',
    'PixelDataConverter.YbrFullToRgb',
    colour('YBR_FULL', [76, 85, 255, 100, 128, 128], 2),
    [254, 0, 0, 100, 100, 100],
  ],
  [
    'YBR_FULL_422',
    'PixelDataConverter.YbrFull422ToRgb',
    colour('YBR_FULL_422', [100, 50, 128, 128], 2),
    [100, 100, 100, 50, 50, 50],
  ],
  [
    'YBR_PARTIAL_422',
    'PS3.3 C.7.6.3.1.2; PixelDataConverter.YbrPartial422ToRgb',
    colour('YBR_PARTIAL_422', [16, 235, 128, 128], 2),
    [0, 0, 0, 255, 255, 255],
  ],
  [
    'YBR_PARTIAL_420: 406',
    'DicomImage.CreatePipelineData',
    { ...colour('YBR_PARTIAL_420', [1, 2, 3, 4, 5, 6], 2), '00280010': ['US', [2]] },
  ],
  [
    'ARGB, which is unknown, is taken for RGB',
    'PhotometricInterpretation.Parse',
    { ...colour('ARGB', [1, 2, 3, 4], 1), '00280002': ['US', [4]] },
    [1, 2, 3],
  ],
  [
    'RGB of 16 bits: its bytes are taken for samples',
    'ColorPixelData24.Render',
    {
      ...colour('RGB', [], 1),
      '00280100': ['US', [16]],
      '7FE00010': ['OW', [0x201, 0x403, 0x605]],
    },
    [1, 2, 3],
  ],
  [
    'PALETTE COLOR',
    'DicomPixelData.PaletteColorLUT, PS3.3 C.7.6.3.1.5',
    gray([0, 1], { ...PALETTE, ...TABLES }),
    [1, 2, 3, 4, 5, 6],
  ],
  [
    'PALETTE COLOR, a value behind the last entry: 406',
    'PaletteColorLUT',
    gray([0, 2], { ...PALETTE, ...TABLES }),
  ],
  [
    'PALETTE COLOR with segmented tables: 406',
    'DicomPixelData.PaletteColorLUT',
    gray([0, 1], {
      ...PALETTE,
      '00281221': ['OW', [0, 2, 1, 4]],
      '00281222': ['OW', [0, 2, 2, 5]],
      '00281223': ['OW', [0, 2, 3, 6]],
    }),
  ],
];

const PICTURE_ROWS = PICTURES.map(([title, source, elements, pixels]): Row => ({
  title,
  source,
  // A source which begins with a clause is the standard's; fo-dicom would refuse so small a frame.
  known: source.startsWith('PS3.3') ? 'standard' : 'code',
  before: s => s.stored(s.file(elements)),
  request: s => ({ path: `${s.paths.instance}/rendered`, headers: { accept: 'image/png' } }),
  status: pixels ? 200 : 406,
  ...(!pixels && { text: CONVERSION }),
  then: answer => {
    if (pixels) expect([...decodePng(answer.body).data]).toEqual(pixels);
  },
}));

/** What can be given in JPEG 2000: title, elements, what its Photometric Interpretation becomes. */
const COMPRESSED: readonly [string, string, BuilderElements, string][] = [
  [
    '8 bits signed',
    'ITU-T T.800 A.5.1',
    {
      ...gray([]),
      '00280011': ['US', [4]],
      '00280100': ['US', [8]],
      '00280101': ['US', [8]],
      '00280102': ['US', [7]],
      '00280103': ['US', [1]],
      '7FE00010': ['OB', [0x80, 0xff, 0, 0x7f]],
    },
    'MONOCHROME2',
  ],
  [
    'RGB of 8 bits',
    'DicomJpeg2000NativeCodec.Encode, PS3.5 8.2.4',
    colour('RGB', [1, 2, 3, 255, 0, 128], 2),
    'YBR_RCT',
  ],
  [
    'RGB of 16 bits',
    'PS3.5 8.2.4',
    {
      ...colour('RGB', [], 2),
      '00280100': ['US', [16]],
      '00280101': ['US', [16]],
      '00280102': ['US', [15]],
      '7FE00010': ['OW', [0, 0xffff, 1, 500, 60_000, 7]],
    },
    'RGB',
  ],
];

const COMPRESSED_ROWS = COMPRESSED.map(([title, source, elements, photometric]): Row => ({
  title: `${title} as JPEG 2000 and back`,
  source,
  known: source.startsWith('Dicom') ? 'code' : 'standard',
  before: s => s.stored(s.file(elements)),
  request: s => ({
    path: s.paths.instance,
    headers: { accept: `application/dicom; transfer-syntax=${J2K}` },
  }),
  status: 200,
  then: async (answer, s) => {
    const { dataSet } = readPart10Header(answer.body, true);
    const described = dataSet.find(({ tag }) => tag === '00280004');
    expect(
      Buffer.from(described?.value ?? [])
        .toString()
        .trim()
    ).toBe(photometric);
    await s.send({ method: 'DELETE', path: s.paths.study });
    await s.stored(answer.body);
    const back = await s.send({
      path: s.paths.instance,
      headers: { accept: 'application/dicom' },
    });
    expect(framesOf(back.body)).toEqual(framesOf(s.file(elements)));
  },
}));

const YBR_PARTIAL: Row = {
  title: 'YBR_PARTIAL_422 as JPEG 2000: 406',
  source: 'DicomJpeg2000NativeCodec.Encode',
  known: 'code',
  before: s => s.stored(s.file(colour('YBR_PARTIAL_422', [16, 235, 128, 128], 2))),
  request: s => ({
    path: s.paths.instance,
    headers: { accept: `application/dicom; transfer-syntax=${J2K}` },
  }),
  status: 406,
  text: 'The specified transcoding is not supported.',
};

/** 8 x 8 samples of 12 bits, all 2048: one block without a coefficient. */
const TWELVE_BITS: BuilderOptions = {
  transferSyntax: '1.2.840.10008.1.2.4.51',
  fragments: [
    Buffer.alloc(0),
    Buffer.concat([
      Buffer.from('ffd8ffdb004300', 'hex'),
      Buffer.alloc(64, 1),
      // SOF1 of 12 bits, both Huffman tables with one code of one bit for 0, SOS, and two codes.
      Buffer.from('ffc1000b0c0008000801011100', 'hex'),
      ...[0x00, 0x10].map(table =>
        Buffer.concat([Buffer.from([0xff, 0xc4, 0, 20, table, 1]), Buffer.alloc(16)])
      ),
      Buffer.from('ffda0008010100003f003fffd9', 'hex'),
      Buffer.alloc(1),
    ]),
  ],
};
const EXTENDED: Row = {
  title: 'JPEG of 12 bits (process 4) as Explicit VR Little Endian',
  source: 'reference 3.1, the source’s Transfer Syntaxes; PS3.5 A.4.1',
  known: 'docs',
  before: s =>
    s.stored(
      s.file(
        {
          '00280010': ['US', [8]],
          '00280011': ['US', [8]],
          '00280101': ['US', [12]],
          '00280102': ['US', [11]],
        },
        TWELVE_BITS
      )
    ),
  request: s => ({ path: s.paths.instance, headers: { accept: 'application/dicom' } }),
  status: 200,
  then: answer => {
    const samples = framesOf(answer.body);
    expect(new Set(new Uint16Array(Uint8Array.from(samples).buffer))).toEqual(new Set([2048]));
  },
};

/** What the service's renderer, fo-dicom, makes of pixels. */
export const RETRIEVE_PICTURES: Table = {
  name: 'Retrieve: pictures, as fo-dicom makes them',
  rows: PICTURE_ROWS,
};

/** Samples that come back unchanged, or are refused. */
export const RETRIEVE_TRANSCODED: Table = {
  name: 'Retrieve: transcoding of samples',
  rows: [...COMPRESSED_ROWS, YBR_PARTIAL, EXTENDED],
};
