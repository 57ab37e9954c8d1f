/** What fo-dicom makes of a frame, and so the service. Values were worked out by hand from its source. */
import { gray, outcome, picture, pictureRows, window } from '../testing/picture.ts';
import type { BuilderElements } from '../testing/part10-builder.ts';
import type { PictureCells } from '../testing/picture.ts';

function check(rows: readonly PictureCells[]): void {
  it.each(pictureRows(rows))('$title ($source)', async row => {
    expect(await outcome(row)).toEqual(row.expected);
  });
}

const rescale = (slope: string, intercept: string): BuilderElements => ({
  '00281052': ['DS', intercept],
  '00281053': ['DS', slope],
});
/** A Modality or VOI LUT Sequence. */
const lut = (
  sequence: '00283000' | '00283010',
  descriptor: number[],
  data: number[] | Uint8Array,
  vrs: [descriptor: string, data: string] = ['US', 'OW']
): BuilderElements => ({
  [sequence]: ['SQ', [{ '00283002': [vrs[0], descriptor], '00283006': [vrs[1], data] }]],
});
const modalityLut = (...of: [number[], number[] | Uint8Array, [string, string]?]) =>
  lut('00283000', ...of);
const voiLut = (...of: [number[], number[] | Uint8Array, [string, string]?]) =>
  lut('00283010', ...of);
/** Functional groups of frames; each group is a sequence of one item. */
const perFrame = (...frames: BuilderElements[]): BuilderElements => ({
  '52009230': [
    'SQ',
    frames.map(frame => ({ '00289132': ['SQ', [frame]] }) satisfies BuilderElements),
  ],
});

const OPTIONS = 'GrayscaleRenderOptions.FromDataset';
const PIPELINE = 'GenericGrayscalePipeline';

describe('windows', () => {
  check([
    ['the range of values', 'FromMinMax', gray(16, [100, 150, 200]), [0, 128, 255]],
    ['values one apart', 'FromMinMax: width 1', gray(16, [4, 5]), [255, 255]],
    ['all alike', 'FromMinMax: width 1', gray(16, [7, 7]), [255, 255]],
    [
      'without padding',
      'FromMinMax',
      gray(16, [9, 1, 3], { '00280120': ['US', [9]] }),
      [255, 0, 255],
    ],
    ['padding alone', 'FromMinMax', gray(8, [9, 9], { '00280120': ['US', [9]] }), [9, 9]],
    [
      'the range of the first frame',
      'FromMinMax',
      { ...gray(16, [0, 100, 0, 1000]), '00280011': ['US', [2]], '00280008': ['IS', '2'] },
      [0, 255],
      1,
    ],
    [
      'LINEAR',
      'VOILinearLUT, C.11.2.1.2.1',
      gray(16, [0, 49, 50, 100, 150], window('100', '101')),
      [0, 0, 1, 128, 255],
    ],
    ['the first of several', OPTIONS, gray(16, [0, 1000], window('100\\1', '101\\1')), [0, 255]],
    ['width 1', 'VOILinearLUT', gray(16, [99, 100], window('100', '1')), [0, 255]],
    [
      'LINEAR_EXACT',
      'VOILinearExactLUT, C.11.2.1.3.2',
      gray(16, [50, 100, 150], window('100', '100', 'LINEAR_EXACT')),
      [0, 127, 255],
    ],
    [
      'SIGMOID',
      'VOISigmoidLUT, C.11.2.1.3.1',
      gray(16, [0, 100, 200], window('100', '100', 'SIGMOID')),
      [4, 127, 250],
    ],
    [
      'a function in small letters',
      'VOILUT.Create',
      gray(16, [0, 200], window('100', '100', 'sigmoid')),
      [4, 250],
    ],
    [
      'an unknown function',
      'VOILUT.Create',
      gray(16, [0, 200], window('100', '101', 'CUBIC')),
      [0, 255],
    ],
    ['a width below 1 is none', OPTIONS, gray(16, [0, 1000], window('100', '0.5')), [0, 255]],
    [
      'Smallest and Largest Image Pixel Value',
      'FromImagePixelValueTags',
      gray(16, [0, 100, 150, 200, 300], { '00280106': ['US', [100]], '00280107': ['US', [200]] }),
      [0, 0, 128, 255, 255],
    ],
    [
      'which are not rescaled',
      'FromImagePixelValueTags',
      gray(16, [100, 200], {
        '00280106': ['US', [100]],
        '00280107': ['US', [200]],
        ...rescale('1', '100'),
      }),
      [255, 255],
    ],
    [
      'of which the smallest must be smaller',
      OPTIONS,
      gray(16, [1, 5], { '00280106': ['US', [9]], '00280107': ['US', [9]] }),
      [0, 255],
    ],
    [
      'of the functional groups of the frame',
      'FromFunctionalWindowLevel',
      gray(16, [0, 1000], perFrame(window('100', '101'))),
      [0, 255],
    ],
    [
      'of the functional groups of another frame',
      'FunctionalGroupValues',
      {
        ...gray(16, [0, 9, 0, 100]),
        '00280011': ['US', [2]],
        '00280008': ['IS', '2'],
        ...perFrame(window('1', '3'), window('100', '201')),
      },
      [0, 128],
      1,
    ],
    [
      'of the functional groups shared by all frames',
      'FunctionalGroupValues',
      gray(16, [0, 100], { '52009229': ['SQ', [{ '00289132': ['SQ', [window('100', '101')]] }]] }),
      [0, 128],
    ],
    [
      'of the frame, before those of all frames',
      'FunctionalGroupValues',
      gray(16, [0, 100], {
        '52009229': ['SQ', [{ '00289132': ['SQ', [window('5', '3')]] }]],
        ...perFrame(window('100', '101')),
      }),
      [0, 128],
    ],
    [
      'of the data set, before functional groups',
      OPTIONS,
      gray(16, [0, 100], { ...window('100', '101'), ...perFrame(window('5', '3')) }),
      [0, 128],
    ],
  ]);
});

describe('rescale and Modality LUT', () => {
  const WINDOW = window('100', '101');
  check([
    [
      'rescale',
      'ModalityRescaleLUT, C.11.1.1.2',
      gray(16, [0, 1000], { ...WINDOW, ...rescale('1', '-900') }),
      [0, 128],
    ],
    [
      'rescale of the functional groups of the frame, with a window',
      'FromWindowLevel',
      gray(16, [0, 50], { ...WINDOW, ...perFrame(rescale('2', '0')) }),
      [0, 128],
    ],
    [
      'rescale without value, with a window',
      'GetSingleValue',
      gray(16, [0, 50], { ...WINDOW, ...rescale('', '0') }),
      'refused',
    ],
    [
      'rescale without value, without a window',
      'GetSingleValueOrDefault',
      gray(16, [0, 50], rescale('', '0')),
      [0, 255],
    ],
    ['a negative slope inverts', 'FromMinMax', gray(16, [0, 100], rescale('-1', '0')), [255, 0]],
    [
      'table',
      'ModalitySequenceLUT, C.11.1.1.1',
      gray(8, [0, 1, 2, 3, 200], { ...WINDOW, ...modalityLut([3, 1, 16], [50, 100, 150]) }),
      [1, 1, 128, 255, 255],
    ],
    [
      'table before rescale',
      PIPELINE,
      gray(8, [0, 1], {
        ...WINDOW,
        ...rescale('1', '1000'),
        ...modalityLut([2, 0, 16], [50, 100]),
      }),
      [1, 128],
    ],
    [
      'table, without a window',
      'FromMinMax',
      gray(8, [1, 2, 3], modalityLut([3, 1, 16], [50, 100, 150])),
      [0, 128, 255],
    ],
    [
      'table with a signed first value',
      'ModalitySequenceLUT: signed',
      gray(16, [0xfffe, 0xffff, 0], {
        '00280103': ['US', [1]],
        ...WINDOW,
        ...modalityLut([3, -2, 16], [50, 100, 150], ['SS', 'OW']),
      }),
      [1, 128, 255],
    ],
    [
      'table of signed values',
      'ModalitySequenceLUT: SS',
      gray(8, [0, 1], {
        ...window('0', '101'),
        ...modalityLut([2, 0, 16], [-200, 0], ['US', 'SS']),
      }),
      [0, 128],
    ],
    [
      'table of 65,536 entries, as 0',
      'ModalitySequenceLUT has no such rule',
      gray(16, [0, 1], { ...WINDOW, ...modalityLut([0, 0, 16], Buffer.alloc(131_072)) }),
      'refused',
    ],
    [
      'table of bytes, two to a word',
      'ModalitySequenceLUT: words',
      gray(8, [0, 1], { ...WINDOW, ...modalityLut([4, 0, 8], Buffer.from([1, 2, 3, 4])) }),
      'refused',
    ],
    [
      'table of VR OB',
      'ModalitySequenceLUT: OW, US, SS',
      gray(8, [0, 1], { ...WINDOW, ...modalityLut([2, 0, 8], Buffer.from([1, 2]), ['US', 'OB']) }),
      'refused',
    ],
    [
      'table of an XA image is not for display',
      OPTIONS,
      gray(8, [0, 100], {
        '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.12.1'],
        ...WINDOW,
        ...modalityLut([2, 0, 16], [50, 100]),
      }),
      [0, 128],
    ],
  ]);
});

describe('VOI LUT Sequence', () => {
  check([
    [
      'before a window',
      `${PIPELINE}, C.11.2.1.1`,
      gray(8, [0, 1, 2], { ...window('1', '1'), ...voiLut([3, 0, 16], [0, 100, 200]) }),
      [0, 128, 255],
    ],
    [
      'behind rescale',
      PIPELINE,
      gray(8, [0, 1, 2], { ...rescale('1', '10'), ...voiLut([3, 10, 16], [0, 50, 200]) }),
      [0, 64, 255],
    ],
    [
      'falling entries rise again',
      'CreateLinearOption',
      gray(8, [0, 1, 2], voiLut([3, 0, 16], [200, 100, 0])),
      [0, 126, 253],
    ],
    [
      'of 65,536 entries, as 0',
      'VOISequenceLUT, C.11.2.1.1',
      gray(
        16,
        [0, 0xffff],
        voiLut([0, 0, 16], Buffer.from(Uint16Array.from({ length: 65_536 }, (_, at) => at).buffer))
      ),
      [0, 255],
    ],
    [
      'with a signed first value',
      'VOISequenceLUT: SS',
      gray(16, [0xffff, 0, 1], {
        '00280103': ['US', [1]],
        ...voiLut([3, -1, 16], [0, 20, 200], ['SS', 'US']),
      }),
      [0, 25, 255],
    ],
    [
      'of bytes, two to a word',
      'VOISequenceLUT: too few entries',
      gray(8, [0, 1], voiLut([4, 0, 8], Buffer.from([1, 2, 3, 4]))),
      'refused',
    ],
    [
      'of fewer entries than it says, though no pixel needs them',
      'VOISequenceLUT',
      gray(8, [0, 1], voiLut([300, 0, 16], Buffer.alloc(512))),
      'refused',
    ],
    [
      'without data',
      'VOISequenceLUT',
      gray(8, [0, 1], { '00283010': ['SQ', [{ '00283002': ['US', [2, 0, 16]] }]] }),
      'refused',
    ],
    [
      'without items',
      'TryGetNonEmptySequence',
      gray(8, [0, 2], { '00283010': ['SQ', []] }),
      [0, 255],
    ],
  ]);
});

it('tables of Big Endian', async () => {
  const options = { transferSyntax: '1.2.840.10008.1.2.2' };
  expect(await picture(gray(16, [0, 1, 2], voiLut([3, 0, 16], [0, 100, 200])), options)).toEqual([
    0, 128, 255,
  ]);
});
