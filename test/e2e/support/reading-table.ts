import { readFileSync } from 'node:fs';
import { SEED_STUDIES } from '@ohif-azure/emulator';
import { PYDICOM_FILES } from '../../support/pydicom-files.ts';
import { encodedFrame } from './reading-codecs.ts';
import { encapsulated, type Kitchen } from './reading-kitchen.ts';
import { asciiValue } from '../../../packages/emulator/src/part10/data-set.ts';
import { readPart10Header } from '../../../packages/emulator/src/part10/part10-reader.ts';
import {
  blankImage,
  colourImage,
  emptyDocument,
  paletteImage,
  segmentation,
  structureSet,
  videoHead,
  type Referenced,
} from './reading-objects.ts';
import type { Picture } from './reading-picture.ts';
import { labelOf, type ReadingStudy } from './reading-labels.ts';
import { videoPicture } from './reading-video.ts';

/** A kind of object or Transfer Syntax, and what the viewer must show of it. */
export interface ReadingRow {
  /** Series Description of the row: at most 64 characters, alone in its study. */
  name: string;
  /** Study of the row; rows of one study are opened one after the other. */
  study: ReadingStudy;
  make(kitchen: Kitchen): Promise<Made>;
  /**
   * `picture`: the image of `reference`; `document`: a PDF; `{ text }`: these words in its viewport; `{ says }`: a
   * message in its viewport; `square`: the square of reading-objects.ts in colour; `contours`: the square as lines.
   */
  shows: 'picture' | 'document' | 'square' | 'contours' | { text: string } | { says: RegExp };
  /** On Orthanc, where its frame resource refuses such objects (DICOMweb 1.7): what the message says. */
  onOrthanc?: { says: RegExp };
  /** What is given to the browser in place of the series' objects: a status, or `dropped`. */
  fault?: number | 'dropped';
  /** Least correlation with the reference. Default 0.95. */
  likeness?: number;
}

export interface Made {
  file: string;
  /** What dcmtk cannot make a picture of. */
  picture?: Picture;
  /** The same image in a form that dcmtk makes a picture of. Default: the file. */
  reference?: string;
  /** Replaces the file's. */
  transferSyntaxUID?: string;
}

/** Places of instances in the seed: study and instance. */
const CT: Place = [0, 24];
const MR: Place = [1, 12];
const CR: Place = [2, 0];
const ULTRASOUND: Place = [3, 0];
type Place = readonly [study: number, instance: number];

const SEEDED = new Map<string, Uint8Array>();

/** An instance of the seed. Made once: a CT of the seed takes seconds. */
function seeded([study, instance]: Place): Uint8Array {
  const key = `${study}/${instance}`;
  const known = SEEDED.get(key);
  if (known) return known;
  let at = 0;
  for (const file of SEED_STUDIES[study]?.instances() ?? []) {
    if (at === instance) {
      SEEDED.set(key, file);
      return file;
    }
    at += 1;
  }
  throw new Error(`The seed has no instance ${instance} in study ${study}.`);
}

const seed = (place: Place) => async (kitchen: Kitchen) => ({
  file: await kitchen.put(seeded(place)),
});
const made = (bytes: () => Uint8Array) => async (kitchen: Kitchen) => ({
  file: await kitchen.put(bytes()),
});
/** An image of the seed, converted by dcmtk. */
const dcmtk =
  (tool: string, flags: string[], bytes: () => Uint8Array) => async (kitchen: Kitchen) => {
    const reference = await kitchen.put(bytes());
    return { file: await kitchen.dcmtk(tool, flags, reference), reference };
  };
/** An image of the seed, its frame encoded by a codec of cornerstonejs. */
const codec =
  (
    encoder: Parameters<typeof encodedFrame>[0],
    transferSyntaxUID: string,
    bytes: () => Uint8Array,
    { step, interpretation }: { step?: number; interpretation?: string } = {}
  ) =>
  async (kitchen: Kitchen) => {
    const reference = await kitchen.put(bytes());
    const frame = await encodedFrame(encoder, reference, step);
    const attributes: Record<string, string> = interpretation
      ? { '(0028,0004)': interpretation }
      : {};
    const file = await encapsulated(kitchen, reference, frame, attributes);
    return { file, reference, transferSyntaxUID };
  };
const pydicom = (name: string, reference?: string) => async () => ({
  file: `${PYDICOM_FILES}/${name}`,
  ...(reference && { reference: `${PYDICOM_FILES}/${reference}` }),
});

const ct = () => seeded(CT);
const us = () => seeded(ULTRASOUND);
const kinds = (name: string, make: ReadingRow['make']): ReadingRow => ({
  name,
  study: 'kinds',
  make,
  shows: 'picture',
});
const syntax = (name: string, make: ReadingRow['make'], likeness?: number): ReadingRow => ({
  name,
  study: 'syntaxes',
  make,
  shows: 'picture',
  likeness,
});
const file = (name: string, reference?: string): ReadingRow => ({
  name: `file ${name}`,
  study: 'files',
  make: pydicom(name, reference),
  shows: 'picture',
});

/** A JPEG whose Adobe marker has become a comment, and whose components are no longer called R, G and B. */
function withoutColours(file: Buffer): Buffer {
  const [APP14, COMMENT, START_OF_FRAME, START_OF_SCAN] = [0xee, 0xfe, 0xc0, 0xda];
  const segment = (marker: number) => file.indexOf(Uint8Array.of(0xff, marker, 0));
  const [frame, scan] = [segment(START_OF_FRAME), segment(START_OF_SCAN)];
  [10, 13, 16].forEach((at, component) => file.writeUInt8(component, frame + at));
  [5, 7, 9].forEach((at, component) => file.writeUInt8(component, scan + at));
  file.writeUInt8(COMMENT, segment(APP14) + 1);
  return file;
}

const MPEG4 = '1.2.840.10008.1.2.4.102';
const video =
  (sopClassUID: string, frames: number, transferSyntaxUID = MPEG4) =>
  async (kitchen: Kitchen) => {
    const head = await kitchen.put(videoHead(sopClassUID, frames));
    return {
      file: await encapsulated(kitchen, head, kitchen.video),
      picture: videoPicture(),
      transferSyntaxUID,
    };
  };
const object = (
  name: string,
  make: ReadingRow['make'],
  shows: ReadingRow['shows']
): ReadingRow => ({ name, study: 'objects', make, shows });
const notShown = (
  name: string,
  make: ReadingRow['make'],
  says: RegExp,
  fault?: ReadingRow['fault']
): ReadingRow => ({ name, study: 'not shown', make, shows: { says }, fault });
/** The CT that the segmentation and the structure set are about. */
function referenced(): Referenced {
  const { dataSet } = readPart10Header(seeded(CT), true);
  const numbers = (tag: string) => asciiValue(dataSet, tag).split('\\').map(Number);
  const [down = 1, across = 1] = numbers('00280030');
  const [x = 0, y = 0, z = 0] = numbers('00200032');
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = labelOf('objects', 0);
  return {
    studyInstanceUID,
    seriesInstanceUID,
    sopClassUID: asciiValue(dataSet, '00080016'),
    sopInstanceUIDs: [sopInstanceUID],
    frameOfReferenceUID: asciiValue(dataSet, '00200052'),
    rows: 512,
    columns: 512,
    spacing: [down, across],
    positions: [[x, y, z]],
  };
}
/** A frame that no decoder takes, whatever it is called. */
const nonsense = (transferSyntaxUID: string) => async (kitchen: Kitchen) => {
  const head = await kitchen.put(ct());
  const frame = Buffer.from('not a picture '.repeat(40));
  return { file: await encapsulated(kitchen, head, frame), transferSyntaxUID };
};

/** Rows which the frame resource of Orthanc's DICOMweb plugin 1.7 refuses, and whose frames cannot be had out of the instance either. */
const REFUSED_BY_ORTHANC = new Set(['CT without pixel data', 'YBR_FULL_422 without compression']);
/** Refused there, too; the instance has what no decoder reads. */
const NOT_DECODED_FROM_ORTHANC = new Set(['JPEG XL', 'broken MPEG-4']);
const NOT_DECODED = { says: /which this viewer cannot decode/ };
const NOT_SENT = { says: /The archive could not send it/ };

const ROWS: readonly ReadingRow[] = [
  kinds('CT', seed(CT)),
  kinds('MR', seed(MR)),
  kinds('CR', seed(CR)),
  kinds('DX', async kitchen => ({
    file: await kitchen.changed(await kitchen.put(seeded(CR)), {
      '(0008,0016)': '1.2.840.10008.5.1.4.1.1.1.1',
      '(0008,0060)': 'DX',
    }),
  })),
  kinds('ultrasound, multi-frame', seed(ULTRASOUND)),
  kinds('colour, secondary capture', made(colourImage)),
  kinds(
    'palette colour, 8 bits',
    made(() => paletteImage(8))
  ),
  kinds(
    'palette colour, 16 bits',
    made(() => paletteImage(16))
  ),
  kinds('palette colour, segmented tables', async kitchen => ({
    file: await kitchen.put(paletteImage(8, 'segmented')),
    reference: await kitchen.put(paletteImage(8)),
  })),

  // The first of its study: the two below refer to it.
  object('CT of the segmentation', seed(CT), 'picture'),
  object(
    'segmentation (SEG)',
    made(() => segmentation(referenced())),
    'square'
  ),
  object(
    'structure set (RTSTRUCT)',
    made(() => structureSet(referenced())),
    'contours'
  ),
  object('document (PDF)', seed([4, 0]), 'document'),
  object('report (SR)', pydicom('test-SR.dcm'), { text: 'A mass of' }),
  object('video, endoscopic', video('1.2.840.10008.5.1.4.1.1.77.1.1.1', 20), 'picture'),
  object('video, photographic', video('1.2.840.10008.5.1.4.1.1.77.1.4.1', 20), 'picture'),
  object('video, secondary capture', video('1.2.840.10008.5.1.4.1.1.7.4', 20), 'picture'),

  syntax('implicit little endian', dcmtk('dcmconv', ['+ti'], ct)),
  syntax('explicit little endian', dcmtk('dcmconv', ['+te'], ct)),
  syntax('explicit big endian', dcmtk('dcmconv', ['+tb'], ct)),
  syntax('big endian, colour', dcmtk('dcmconv', ['+tb'], colourImage)),
  syntax('deflated', dcmtk('dcmconv', ['+td'], ct)),
  syntax('RLE', dcmtk('dcmcrle', [], ct)),
  syntax('RLE, colour', dcmtk('dcmcrle', [], colourImage)),
  syntax('RLE, multi-frame', dcmtk('dcmcrle', [], us)),
  syntax('JPEG baseline', dcmtk('dcmcjpeg', ['+eb'], ct)),
  syntax('JPEG baseline, colour', dcmtk('dcmcjpeg', ['+eb'], colourImage)),
  syntax('JPEG baseline, multi-frame', dcmtk('dcmcjpeg', ['+eb'], us)),
  syntax('JPEG extended, 12 bits', dcmtk('dcmcjpeg', ['+ee'], ct)),
  syntax('JPEG lossless', dcmtk('dcmcjpeg', ['+el'], ct)),
  syntax('JPEG lossless, first-order', dcmtk('dcmcjpeg', ['+e1'], ct)),
  syntax('JPEG lossless, colour', dcmtk('dcmcjpeg', ['+e1'], colourImage)),
  syntax('JPEG-LS lossless', dcmtk('dcmcjpls', ['+el'], ct)),
  syntax('JPEG-LS near-lossless', dcmtk('dcmcjpls', ['+en'], ct)),
  syntax('JPEG-LS, colour', dcmtk('dcmcjpls', ['+el'], colourImage)),
  syntax('JPEG 2000 lossless', codec('J2KEncoder', '1.2.840.10008.1.2.4.90', ct)),
  syntax('JPEG 2000', codec('J2KEncoder', '1.2.840.10008.1.2.4.91', ct, { step: 20 })),
  syntax(
    'JPEG 2000, colour',
    codec('J2KEncoder', '1.2.840.10008.1.2.4.90', colourImage, { interpretation: 'YBR_RCT' })
  ),
  syntax('HTJ2K lossless', codec('HTJ2KEncoder', '1.2.840.10008.1.2.4.201', ct)),
  syntax('HTJ2K lossless RPCL', codec('HTJ2KEncoder', '1.2.840.10008.1.2.4.202', ct)),
  syntax('HTJ2K', codec('HTJ2KEncoder', '1.2.840.10008.1.2.4.203', ct, { step: 0.001 })),

  ...[
    'CT_small.dcm',
    'MR_small.dcm',
    'MR_small_implicit.dcm',
    'MR_small_bigendian.dcm',
    'MR_small_RLE.dcm',
    'MR_small_jpeg_ls_lossless.dcm',
    'MR_small_padded.dcm',
    'ExplVR_BigEnd.dcm',
    'JPGExtended.dcm',
    'SC_rgb_dcmtk_+eb+cr.dcm',
    'SC_rgb_dcmtk_+eb+cy+n1.dcm',
    'SC_rgb_dcmtk_+eb+cy+n2.dcm',
    'SC_rgb_dcmtk_+eb+cy+np.dcm',
    'SC_rgb_dcmtk_+eb+cy+s4.dcm',
    'SC_rgb_jpeg_dcmtk.dcm',
    'SC_rgb_jpeg_gdcm.dcm',
    'SC_rgb_rle.dcm',
    'SC_rgb_rle_2frame.dcm',
    'image_dfl.dcm',
  ].map(name => file(name)),
  {
    ...file('SC_rgb_dcmtk_+eb+cr.dcm'),
    name: 'JPEG that is called RGB, without a marker',
    make: async kitchen => {
      const reference = `${PYDICOM_FILES}/SC_rgb_dcmtk_+eb+cr.dcm`;
      return { file: await kitchen.put(withoutColours(readFileSync(reference))), reference };
    },
  },
  file('MR_small_jp2klossless.dcm', 'MR_small.dcm'),
  file('SC_rgb_gdcm_KY.dcm', 'SC_rgb_rle.dcm'),
  file('SC_rgb_jpeg_lossy_gdcm.dcm', 'SC_rgb_rle.dcm'),

  notShown(
    'CT without pixel data',
    pydicom('dicomdirtests/TINY_ALPHA/PT000000/ST000000/SE000000/IM000000'),
    /does not have it|is empty/
  ),
  notShown('RT plan', pydicom('rtplan.dcm'), /\(RT Plan\) cannot be displayed here/),
  notShown(
    'palette without colours',
    made(() => paletteImage(8, 'none')),
    /table of colours is missing/
  ),
  notShown('broken JPEG 2000', nonsense('1.2.840.10008.1.2.4.90'), /is damaged/),
  notShown('16 bits a colour', pydicom('SC_rgb_rle_16bit.dcm'), /Do not read it here/),
  notShown('blank image', made(blankImage), /All its pixels are the same/),
  notShown('JPEG XL', nonsense('1.2.840.10008.1.2.4.110'), /compressed with JPEG XL/),
  notShown(
    'MPEG-2',
    video('1.2.840.10008.5.1.4.1.1.77.1.1.1', 20, '1.2.840.10008.1.2.4.100'),
    /MPEG-2/
  ),
  notShown('broken MPEG-4', nonsense(MPEG4), /cannot play a video of this kind \(MPEG-4\)|MPEG-4/),
  notShown(
    'YBR_FULL_422 without compression',
    pydicom('SC_ybr_full_422_uncompressed.dcm'),
    /cannot decode/
  ),
  notShown('PDF without a document', made(emptyDocument), /is empty/),
  notShown('refused', seed(MR), /may not read it/, 403),
  notShown('gone', seed(MR), /does not have it any more/, 404),
  notShown('sign-in ended', seed(MR), /Sign in again/, 401),
  notShown('line dropped', seed(MR), /does not answer/, 'dropped'),
  // The message of the row before has gone, and the viewer is alive.
  { name: 'an image, after all that', study: 'not shown', make: seed(CT), shows: 'picture' },
];

/** The rows; those of one study are opened in this order. */
export const READING_TABLE: readonly ReadingRow[] = ROWS.map(row => {
  if (REFUSED_BY_ORTHANC.has(row.name)) return { ...row, onOrthanc: NOT_SENT };
  return NOT_DECODED_FROM_ORTHANC.has(row.name) ? { ...row, onOrthanc: NOT_DECODED } : row;
});
