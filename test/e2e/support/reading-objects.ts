import {
  buildPart10,
  type BuilderElements,
} from '../../../packages/emulator/src/testing/part10-builder.ts';

const SIDE = 128;
const COMMON: BuilderElements = {
  '00080005': ['CS', 'ISO_IR 192'],
  '00080020': ['DA', '20260301'],
  '00080023': ['DA', '20260301'],
  '00080030': ['TM', '081500'],
  '00080033': ['TM', '081500'],
  '00080050': ['SH', 'READING'],
  '00080070': ['LO', 'Synthetic'],
  '00080090': ['PN', ''],
  '00100010': ['PN', 'Reading^Rosa'],
  '00100020': ['LO', 'READING-1'],
  '00100030': ['DA', '19700101'],
  '00100040': ['CS', 'F'],
  '00200010': ['SH', '1'],
  '00200011': ['IS', '1'],
  '00200013': ['IS', '1'],
};
const SOP = {
  secondaryCapture: '1.2.840.10008.5.1.4.1.1.7',
  ultrasound: '1.2.840.10008.5.1.4.1.1.6.1',
  segmentation: '1.2.840.10008.5.1.4.1.1.66.4',
  structureSet: '1.2.840.10008.5.1.4.1.1.481.3',
} as const;

/** UIDs that are given to a file later, with its label. */
const placeholder = (sopClassUID: string, modality: string): BuilderElements => ({
  ...COMMON,
  '00080016': ['UI', sopClassUID],
  '00080018': ['UI', '2.25.1'],
  '00080060': ['CS', modality],
  '0020000D': ['UI', '2.25.2'],
  '0020000E': ['UI', '2.25.3'],
});

const imageOf = (bits: number, samples: number, interpretation: string): BuilderElements => ({
  '00280002': ['US', [samples]],
  '00280004': ['CS', interpretation],
  ...(samples > 1 && { '00280006': ['US', [0]] }),
  '00280010': ['US', [SIDE]],
  '00280011': ['US', [SIDE]],
  '00280100': ['US', [bits]],
  '00280101': ['US', [bits]],
  '00280102': ['US', [bits - 1]],
  '00280103': ['US', [0]],
});

/** Like a wedge, so that it cannot be turned or flipped without being another picture. */
function wedge(x: number, y: number): number {
  return x + y / 2 < SIDE && x > 20 ? Math.min(255, x + 2 * Math.max(0, 60 - y)) : y >> 2;
}

function pixels(valueOf: (x: number, y: number) => number[]): Buffer {
  const rows = Array.from({ length: SIDE }, (_, y) =>
    Array.from({ length: SIDE }, (__, x) => valueOf(x, y))
  );
  return Buffer.from(rows.flat(2));
}

/** Indexes into colours which have little to do with the grey of the index. */
export function paletteImage(
  bits: 8 | 16,
  tables: 'plain' | 'segmented' | 'none' = 'plain'
): Buffer {
  const entries = 256;
  const table = (colour: (index: number) => number) => {
    const bytes = Buffer.alloc(entries * (bits / 8));
    for (let index = 0; index < entries; index += 1) {
      const value = Math.round(colour(index)) & 0xff;
      if (bits === 8) bytes[index] = value;
      else bytes.writeUInt16LE(value * 257, index * 2);
    }
    return bytes;
  };
  const blues = table(index => 128 + 127 * Math.sin(index / 20));
  const descriptor: BuilderElements[string] = ['US', [entries, 0, bits]];
  return buildPart10({
    ...placeholder(SOP.ultrasound, 'US'),
    ...imageOf(8, 1, 'PALETTE COLOR'),
    '00281101': descriptor,
    '00281102': descriptor,
    '00281103': descriptor,
    ...(tables === 'segmented' && {
      // PS3.3 C.7.9.2: one entry and 255 steps down; 128 steps up and as many entries; entries alone.
      '00281221': ['OW', Buffer.of(0, 1, 255, 1, 255, 0)],
      '00281222': [
        'OW',
        Buffer.of(0, 1, 0, 1, 127, 254, 0, 128, ...new Array<number>(128).fill(255)),
      ],
      '00281223': [
        'OW',
        Buffer.concat([
          Buffer.of(0, 128),
          blues.subarray(0, 128),
          Buffer.of(0, 128),
          blues.subarray(128),
        ]),
      ],
    }),
    ...(tables === 'plain' && {
      '00281201': ['OW', table(index => 255 - index)],
      '00281202': ['OW', table(index => (index < 128 ? 2 * index : 255))],
      '00281203': ['OW', blues],
    }),
    '7FE00010': ['OB', pixels((x, y) => [wedge(x, y)])],
  });
}

/** A secondary capture in colours. */
export function colourImage(): Buffer {
  return buildPart10({
    ...placeholder(SOP.secondaryCapture, 'OT'),
    '00080064': ['CS', 'WSD'],
    ...imageOf(8, 3, 'RGB'),
    '7FE00010': ['OB', pixels((x, y) => [wedge(x, y), 255 - wedge(x, y), 2 * y])],
  });
}

/** A secondary capture of which every pixel is the same. */
export function blankImage(): Buffer {
  return buildPart10({
    ...placeholder(SOP.secondaryCapture, 'OT'),
    '00080064': ['CS', 'WSD'],
    ...imageOf(8, 1, 'MONOCHROME2'),
    '7FE00010': ['OB', pixels(() => [90])],
  });
}

/** An Encapsulated PDF that lacks its document. */
export function emptyDocument(): Buffer {
  return buildPart10({
    ...placeholder('1.2.840.10008.5.1.4.1.1.104.1', 'DOC'),
    '00420010': ['ST', 'Letter'],
    '00420012': ['LO', 'application/pdf'],
  });
}

/** A video of a SOP Class, before it has its fragments. */
export function videoHead(sopClassUID: string, frames: number): Buffer {
  return buildPart10({
    ...placeholder(sopClassUID, 'ES'),
    ...imageOf(8, 3, 'YBR_PARTIAL_420'),
    '00280010': ['US', [240]],
    '00280011': ['US', [320]],
    '00181063': ['DS', '40'],
    '00280008': ['IS', String(frames)],
    '00280009': ['AT', Buffer.from('18006310', 'hex')],
    '7FE00010': ['OB', Buffer.alloc(2)],
  });
}

/** The images that a segmentation or structure set is about. */
export interface Referenced {
  studyInstanceUID: string;
  seriesInstanceUID: string;
  sopClassUID: string;
  sopInstanceUIDs: readonly string[];
  frameOfReferenceUID: string;
  rows: number;
  columns: number;
  spacing: readonly [number, number];
  /** Image Position (Patient) of each. */
  positions: readonly (readonly [number, number, number])[];
}

const code = (value: string, scheme: string, meaning: string): BuilderElements => ({
  '00080100': ['SH', value],
  '00080102': ['SH', scheme],
  '00080104': ['LO', meaning],
});
const TISSUE = code('85756007', 'SCT', 'Tissue');

/** The square that is segmented, in pixels: it lies in the left half, above the middle. */
export const SQUARE = { from: 0.2, to: 0.35 };

/** A binary segmentation of one square on every image. @see PS3.3 A.51 */
export function segmentation(images: Referenced): Buffer {
  const { rows, columns, positions, sopInstanceUIDs } = images;
  const bits = Buffer.alloc(Math.ceil((rows * columns * positions.length) / 8));
  for (let frame = 0; frame < positions.length; frame += 1) {
    for (let y = Math.floor(rows * SQUARE.from); y < rows * SQUARE.to; y += 1) {
      for (let x = Math.floor(columns * SQUARE.from); x < columns * SQUARE.to; x += 1) {
        const at = frame * rows * columns + y * columns + x;
        bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
      }
    }
  }
  const organization = '2.25.77000401';
  return buildPart10({
    ...placeholder(SOP.segmentation, 'SEG'),
    '00080008': ['CS', 'DERIVED\\PRIMARY'],
    '00081115': [
      'SQ',
      [
        {
          '0008114A': ['SQ', sopInstanceUIDs.map(uid => reference(images.sopClassUID, uid))],
          '0020000E': ['UI', images.seriesInstanceUID],
        },
      ],
    ],
    '00081090': ['LO', 'Model 1'],
    '00181000': ['LO', '1'],
    '00181020': ['LO', '1'],
    '00200052': ['UI', images.frameOfReferenceUID],
    '00201040': ['LO', ''],
    '00209221': ['SQ', [{ '00209164': ['UI', organization] }]],
    '00209222': [
      'SQ',
      [
        {
          '00209164': ['UI', organization],
          '00209165': ['AT', Buffer.from('62000b00', 'hex')],
          '00209167': ['AT', Buffer.from('62000a00', 'hex')],
        },
        {
          '00209164': ['UI', organization],
          '00209165': ['AT', Buffer.from('20003200', 'hex')],
          '00209167': ['AT', Buffer.from('20001391', 'hex')],
        },
      ],
    ],
    ...imageOf(1, 1, 'MONOCHROME2'),
    '00280008': ['IS', String(positions.length)],
    '00280010': ['US', [rows]],
    '00280011': ['US', [columns]],
    '00280102': ['US', [0]],
    '00282110': ['CS', '00'],
    '00620001': ['CS', 'BINARY'],
    '00620002': [
      'SQ',
      [
        {
          '00620003': ['SQ', [TISSUE]],
          '00620004': ['US', [1]],
          '00620005': ['LO', 'Square'],
          '00620008': ['CS', 'MANUAL'],
          '0062000D': ['US', [43803, 26565, 37722]],
          '0062000F': ['SQ', [TISSUE]],
        },
      ],
    ],
    '00700080': ['CS', 'SQUARE'],
    '00700081': ['LO', ''],
    '00700084': ['PN', 'Reading^Rita'],
    '52009229': [
      'SQ',
      [
        {
          '00209116': ['SQ', [{ '00200037': ['DS', '1\\0\\0\\0\\1\\0'] }]],
          '00289110': [
            'SQ',
            [
              {
                '00180050': ['DS', '4'],
                '00180088': ['DS', '4'],
                '00280030': ['DS', images.spacing.join('\\')],
              },
            ],
          ],
        },
      ],
    ],
    '52009230': [
      'SQ',
      positions.map((position, frame): BuilderElements => ({
        '00089124': [
          'SQ',
          [
            {
              '00082112': [
                'SQ',
                [
                  {
                    ...reference(images.sopClassUID, sopInstanceUIDs[frame] ?? ''),
                    '0040A170': ['SQ', [code('121322', 'DCM', 'Source image')]],
                  },
                ],
              ],
              '00089215': ['SQ', [code('113076', 'DCM', 'Segmentation')]],
            },
          ],
        ],
        '00209111': ['SQ', [{ '00209157': ['UL', [1, frame + 1]] }]],
        '00209113': ['SQ', [{ '00200032': ['DS', position.map(decimal).join('\\')] }]],
        '0062000A': ['SQ', [{ '0062000B': ['US', [1]] }]],
      })),
    ],
    '7FE00010': ['OB', bits.length % 2 ? Buffer.concat([bits, Buffer.alloc(1)]) : bits],
  });
}

/** A structure set with one square contour on every image. @see PS3.3 A.19 */
export function structureSet(images: Referenced): Buffer {
  const { studyInstanceUID, sopInstanceUIDs, sopClassUID, frameOfReferenceUID } = images;
  const references = sopInstanceUIDs.map(uid => reference(sopClassUID, uid));
  return buildPart10({
    ...placeholder(SOP.structureSet, 'RTSTRUCT'),
    '00081090': ['LO', 'Model 1'],
    '30060002': ['SH', 'Squares'],
    '30060008': ['DA', '20260301'],
    '30060009': ['TM', '081500'],
    '30060010': [
      'SQ',
      [
        {
          '00200052': ['UI', frameOfReferenceUID],
          '30060012': [
            'SQ',
            [
              {
                ...reference('1.2.840.10008.3.1.2.3.1', studyInstanceUID),
                '30060014': [
                  'SQ',
                  [
                    {
                      '0020000E': ['UI', images.seriesInstanceUID],
                      '30060016': ['SQ', references],
                    },
                  ],
                ],
              },
            ],
          ],
        },
      ],
    ],
    '30060020': [
      'SQ',
      [
        {
          '30060022': ['IS', '1'],
          '30060024': ['UI', frameOfReferenceUID],
          '30060026': ['LO', 'Square'],
          '30060036': ['CS', 'MANUAL'],
        },
      ],
    ],
    '30060039': [
      'SQ',
      [
        {
          '3006002A': ['IS', '255\\0\\0'],
          '30060040': [
            'SQ',
            sopInstanceUIDs.map((uid, at): BuilderElements => ({
              '30060016': ['SQ', [reference(sopClassUID, uid)]],
              '30060042': ['CS', 'CLOSED_PLANAR'],
              '30060046': ['IS', '4'],
              '30060050': ['DS', contour(images, at)],
            })),
          ],
          '30060084': ['IS', '1'],
        },
      ],
    ],
    '30060080': [
      'SQ',
      [
        {
          '30060082': ['IS', '1'],
          '30060084': ['IS', '1'],
          '300600A4': ['CS', 'ORGAN'],
          '300600A6': ['PN', ''],
        },
      ],
    ],
  });
}

function contour({ rows, columns, spacing, positions }: Referenced, at: number): string {
  const [x = 0, y = 0, z = 0] = positions[at] ?? [];
  const corner = (across: number, down: number) =>
    [x + across * columns * spacing[1], y + down * rows * spacing[0], z].map(decimal);
  const { from, to } = SQUARE;
  return [corner(from, from), corner(to, from), corner(to, to), corner(from, to)].flat().join('\\');
}

function reference(sopClassUID: string, sopInstanceUID: string): BuilderElements {
  return { '00081150': ['UI', sopClassUID], '00081155': ['UI', sopInstanceUID] };
}

const decimal = (value: number) => String(Number(value.toFixed(3)));
