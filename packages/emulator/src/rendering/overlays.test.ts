/** What fo-dicom makes of a frame, and so the service. Values were worked out by hand from its source. */
import { colour, gray, outcome, picture, pictureRows, window } from '../testing/picture.ts';
import type { BuilderElements } from '../testing/part10-builder.ts';
import type { PictureCells } from '../testing/picture.ts';

function check(rows: readonly PictureCells[]): void {
  it.each(pictureRows(rows))('$title ($source)', async row => {
    expect(await outcome(row)).toEqual(row.expected);
  });
}

/** Two rows of three pixels: 0 to 5. */
const SIX = {
  ...gray(16, [0, 1, 2, 3, 4, 5], window('3', '7')),
  '00280010': ['US', [2]],
  '00280011': ['US', [3]],
} satisfies BuilderElements;
const GRAYS = [21, 63, 106, 148, 191, 233];
/** What is left of {@link GRAYS} under an overlay which covers some pixels. */
const under = (...covered: number[]) =>
  GRAYS.flatMap((value, at) => (covered.includes(at) ? [255, value, 255] : [value, value, value]));
const overlay = (
  rows: number,
  columns: number,
  bits: number | undefined,
  more: BuilderElements = {}
): BuilderElements => ({
  ...SIX,
  '60000010': ['US', [rows]],
  '60000011': ['US', [columns]],
  '60000040': ['CS', 'G'],
  '60000050': ['SS', [1, 1]],
  '60000100': ['US', [1]],
  '60000102': ['US', [0]],
  '60003000': bits === undefined ? undefined : ['OW', [bits]],
  ...more,
});

describe('overlays', () => {
  const DRAWN = 'OverlayGraphic.Render, C.9.2';
  check([
    ['none', 'DicomImage.RenderImage', SIX, GRAYS],
    ['drawn in magenta', DRAWN, overlay(2, 3, 0b100_001), under(0, 5)],
    ['at an origin', DRAWN, overlay(1, 2, 0b11, { '60000050': ['SS', [2, 2]] }), under(4, 5)],
    ['cut off below', DRAWN, overlay(2, 2, 0b1111, { '60000050': ['SS', [2, 1]] }), under(3, 4)],
    [
      'cut off on the right',
      DRAWN,
      overlay(2, 2, 0b1111, { '60000050': ['SS', [1, 3]] }),
      under(2, 5),
    ],
    [
      'to the left: in the row above',
      'OverlayGraphic.Render',
      overlay(2, 1, 0b10, { '60000050': ['SS', [1, 0]] }),
      under(2),
    ],
    [
      'of another group',
      'DicomOverlayData.FromDataset',
      {
        ...overlay(2, 3, 0),
        '60020010': ['US', [1]],
        '60020011': ['US', [1]],
        '60020040': ['CS', 'G'],
        '60023000': ['OW', [1]],
      },
      under(0),
    ],
    [
      'over colours',
      DRAWN,
      { ...overlay(1, 1, 1), ...colour('RGB', [1, 2, 3, 4, 5, 6], 2) },
      [255, 2, 255, 4, 5, 6],
    ],
    ['ROI', 'CreateGraphicsOverlays', overlay(2, 3, 1, { '60000040': ['CS', 'R'] }), GRAYS],
    [
      'of another type',
      'DicomOverlayData.Type',
      overlay(2, 3, 1, { '60000040': ['CS', 'X'] }),
      'refused',
    ],
    [
      'without a type',
      'DicomOverlayData.FromDataset',
      overlay(2, 3, 1, { '60000040': undefined }),
      GRAYS,
    ],
    ['too short', 'DicomImage.RenderImage', overlay(9, 9, 1), GRAYS],
    [
      'of other frames',
      'DicomImage.RenderImage',
      overlay(2, 3, 1, { '60000051': ['US', [2]] }),
      GRAYS,
    ],
    [
      'in unused bits of the samples',
      'DicomOverlayData.Load',
      overlay(2, 3, undefined, {
        '00280101': ['US', [12]],
        '00280102': ['US', [11]],
        '60000100': ['US', [16]],
        '60000102': ['US', [12]],
        '7FE00010': ['OW', [0x1000, 1, 2, 3, 0x1004, 5]],
      }),
      under(0, 4),
    ],
    ['in bits of the image', 'DicomOverlayData.Load, #110', overlay(2, 3, undefined), GRAYS],
    [
      'in bits outside the image',
      'DicomOverlayData.Load',
      overlay(3, 3, undefined, {
        '00280101': ['US', [12]],
        '00280102': ['US', [11]],
        '60000102': ['US', [12]],
      }),
      'refused',
    ],
  ]);
});

it('words of Big Endian', async () => {
  const options = { transferSyntax: '1.2.840.10008.1.2.2' };
  expect(await picture(overlay(2, 3, 0b100_001), options)).toEqual(under(0, 5));
});
