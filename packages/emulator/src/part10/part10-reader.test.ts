import dcmjs from 'dcmjs';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import { toDicomJson } from './dicom-json.ts';
import { MoreBytesNeeded, Part10FormatError, readPart10Header } from './part10-reader.ts';
import type { Part10Header } from './part10-reader.ts';

const json = (header: Part10Header) => toDicomJson(header, new Set());
const read = (...file: Parameters<typeof buildPart10>) =>
  readPart10Header(buildPart10(...file), true);

const NESTED = {
  '00081110': ['SQ', [{ '00081150': ['UI', '1.2'] }, { '00081155': ['UI', '1.3'] }]],
  '00082112': ['SQ', [{ '0040A170': ['SQ', [{ '00080100': ['SH', 'CODE'] }, {}]] }]],
  '00280120': ['US', [65_535]],
} as const;

describe('the same data set in every uncompressed Transfer Syntax (PS3.5 annex A)', () => {
  const elements = instanceElements({ ...(NESTED as object) });
  const expected = json(read(elements));

  it.each([
    ['Implicit VR Little Endian', '1.2.840.10008.1.2'],
    ['Explicit VR Little Endian', '1.2.840.10008.1.2.1'],
    ['Deflated Explicit VR Little Endian', '1.2.840.10008.1.2.1.99'],
    ['Explicit VR Big Endian', '1.2.840.10008.1.2.2'],
  ])('%s', (_, transferSyntax) => {
    for (const undefinedLengths of [false, true]) {
      const header = read(elements, { transferSyntax, undefinedLengths });
      expect(json(header)).toEqual(expected);
      expect(header.pixelData).toMatchObject({ vr: 'OW', length: 32 });
    }
  });

  it('is the DICOM JSON model of PS3.18 annex F', () => {
    expect(expected).toMatchObject({
      '00081110': {
        vr: 'SQ',
        Value: [
          { '00081150': { vr: 'UI', Value: ['1.2'] } },
          { '00081155': { vr: 'UI', Value: ['1.3'] } },
        ],
      },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Test^Tina' }] },
      '00200013': { vr: 'IS', Value: [7] },
      '00280010': { vr: 'US', Value: [4] },
    });
    expect(Object.keys(expected).some(tag => tag.startsWith('0002'))).toBe(false);
  });
});

it('reads what dcmjs writes', () => {
  const { DicomDict, DicomMetaDictionary } = dcmjs.data;
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      TransferSyntaxUID: '1.2.840.10008.1.2.1',
      MediaStorageSOPInstanceUID: '1.2.3',
    })
  );
  file.dict = DicomMetaDictionary.denaturalizeDataset({
    SOPInstanceUID: '1.2.3',
    PatientName: 'Test^Tina',
    PixelSpacing: [0.5, 0.25],
    ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.2.4' }],
  });
  expect(json(readPart10Header(new Uint8Array(file.write()), true))).toMatchObject({
    '00080018': { vr: 'UI', Value: ['1.2.3'] },
    '00081115': { vr: 'SQ', Value: [{ '0020000E': { vr: 'UI', Value: ['1.2.4'] } }] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Test^Tina' }] },
    '00280030': { vr: 'DS', Value: [0.5, 0.25] },
  });
});

describe('values (reference 0.C)', () => {
  it.each([
    ['no value', 'LO', '', { vr: 'LO' }],
    ['an empty value between others', 'LO', 'a\\\\c ', { vr: 'LO', Value: ['a', null, 'c'] }],
    ['a DS which is no number', 'DS', 'x\\1.50', { vr: 'DS', Value: ['x', 1.5] }],
    [
      'three component groups',
      'PN',
      'A^B=C=D',
      {
        vr: 'PN',
        Value: [{ Alphabetic: 'A^B', Ideographic: 'C', Phonetic: 'D' }],
      },
    ],
    ['a backslash in a text of one value', 'LT', 'a\\b', { vr: 'LT', Value: ['a\\b'] }],
    ['an attribute tag', 'AT', [0x10, 0x20], { vr: 'AT', Value: ['00100020'] }],
    ['doubles', 'FD', [0.1, -2], { vr: 'FD', Value: [0.1, -2] }],
    ['signed shorts', 'SS', [-2], { vr: 'SS', Value: [-2] }],
  ] as const)('%s', (_, vr, value, expected) => {
    const header = read({ '00091001': [vr, typeof value === 'string' ? value : [...value]] });
    expect(json(header)).toEqual({ '00091001': expected });
  });

  it('leaves out bulk values and group lengths at every depth', () => {
    const header = read({
      '00080000': ['UL', [10]],
      '00091010': ['UN', 'secret'],
      '00281201': ['OW', [1, 2]],
      '54000100': ['SQ', [{ '54001010': ['OW', [1]], '54001004': ['US', [16]] }]],
    });
    expect(json(header)).toEqual({
      '54000100': { vr: 'SQ', Value: [{ '54001004': { vr: 'US', Value: [16] } }] },
    });
  });

  it('private attributes of Implicit VR have no known VR, their creators have LO', () => {
    const elements = { '00090010': ['LO', 'CREATOR'], '00091001': ['LO', 'x'] } as const;
    expect(json(read(elements, { transferSyntax: '1.2.840.10008.1.2' }))).toEqual({
      '00090010': { vr: 'LO', Value: ['CREATOR'] },
    });
  });
});

describe('Specific Character Set (PS3.3 C.12.1.1.2)', () => {
  const name = (terms: string, bytes: readonly number[]) =>
    json(read({ '00080005': ['CS', terms], '00100010': ['PN', new Uint8Array(bytes)] }))['00100010']
      ?.Value?.[0];

  it.each([
    ['', [0x41], { Alphabetic: 'A' }],
    ['ISO_IR 100', [0xc4, 0x5e], { Alphabetic: 'Ä^' }],
    ['ISO_IR 192', [0xc3, 0x84], { Alphabetic: 'Ä' }],
    ['ISO_IR 144', [0xbb, 0xee, 0xda, 0x63], { Alphabetic: 'Люкc' }],
    ['GB18030', [0xcd, 0xf5], { Alphabetic: '王' }],
    // PS3.5 annex H.3.1, the ideographic group of Yamada^Tarou.
    [
      '\\ISO 2022 IR 87',
      [0x41, 0x3d, 0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42],
      { Alphabetic: 'A', Ideographic: '山田' },
    ],
    // PS3.5 annex I.2.
    [
      '\\ISO 2022 IR 149',
      [0x41, 0x3d, 0x1b, 0x24, 0x29, 0x43, 0xfb, 0xf3],
      { Alphabetic: 'A', Ideographic: '洪' },
    ],
  ] as const)('%s', (terms, bytes, expected) => {
    expect(name(terms, bytes)).toEqual(expected);
  });
});

describe('hostile bytes', () => {
  const file = buildPart10(instanceElements({ ...(NESTED as object) }), { undefinedLengths: true });
  const pixelsAt = readPart10Header(file, true).pixelData?.offset ?? 0;

  it('a file cut anywhere before the pixel data is refused or shorter, and never hangs', () => {
    const whole = readPart10Header(file, true).dataSet.length;
    for (let end = 0; end < pixelsAt - 12; end += 1) {
      try {
        expect(readPart10Header(file.subarray(0, end), true).dataSet.length).toBeLessThan(
          whole + 1
        );
      } catch (error) {
        expect(error).toBeInstanceOf(Part10FormatError);
      }
    }
  });

  it('the beginning of a file asks for more', () => {
    for (let end = 0; end < pixelsAt; end += 1) {
      expect(() => readPart10Header(file.subarray(0, end), false)).toThrow(MoreBytesNeeded);
    }
    expect(readPart10Header(file.subarray(0, pixelsAt), false).pixelData).toBeDefined();
  });

  it.each([
    ['no prefix', Buffer.alloc(200)],
    ['no File Meta Information', Buffer.concat([file.subarray(0, 132), Buffer.alloc(100)])],
    ['no Transfer Syntax UID', buildPart10({}, { transferSyntax: '' })],
    ['no VR', Buffer.concat([buildPart10({}), Buffer.from([8, 0, 5, 0, 0, 0, 0, 0])])],
    [
      'bad deflate',
      buildPart10(
        { '00091001': ['UN', 'x'] },
        { transferSyntax: '1.2.840.10008.1.2.1.99' }
      ).subarray(0, -3),
    ],
    ['sequences without bottom', deepSequences(100)],
  ])('%s', (_, bytes) => {
    expect(() => readPart10Header(bytes, true)).toThrow(Part10FormatError);
  });
});

function deepSequences(depth: number): Buffer {
  let elements: Parameters<typeof buildPart10>[0] = {};
  for (let level = 0; level < depth; level += 1) elements = { '00081110': ['SQ', [elements]] };
  return buildPart10(elements, { undefinedLengths: true });
}
