import dcmjs from 'dcmjs';
import type { DicomJson } from './dicom-json.ts';
import { encodePart10 } from './encode-part10.ts';
import { readIdentity } from './part10.ts';

const NAMED: DicomJson = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: ['2.25.300'] },
  '0020000D': { vr: 'UI', Value: ['2.25.100'] },
  '0020000E': { vr: 'UI', Value: ['2.25.200'] },
};

/** As dcmjs, which shares no code with ours, reads it. */
function read(bytes: Uint8Array) {
  const { buffer, byteOffset, byteLength } = bytes;
  return dcmjs.data.DicomMessage.readFile(
    buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
  );
}

describe('encodePart10', () => {
  const ROWS: readonly (readonly [string, DicomJson[string], unknown])[] = [
    ['PS3.5 6.2 LO', { vr: 'LO', Value: ['a', 'b'] }, ['a', 'b']],
    ['PS3.5 6.2 DS, numbers (PS3.18 F.2.3.1)', { vr: 'DS', Value: [1.5, -2] }, [1.5, -2]],
    ['PS3.5 6.2 IS', { vr: 'IS', Value: [12] }, [12]],
    ['PS3.5 6.2 US', { vr: 'US', Value: [0, 65535] }, [0, 65535]],
    ['PS3.5 6.2 SL', { vr: 'SL', Value: [-2147483648] }, [-2147483648]],
    ['PS3.5 6.2 FD', { vr: 'FD', Value: [0.1] }, [0.1]],
    ['PS3.5 6.2 empty (dcmjs reads an empty text)', { vr: 'DA' }, ['']],
  ];
  it.each(ROWS)('%s: is what dcmjs reads', (_cite, element, expected) => {
    const { dict } = read(encodePart10({ ...NAMED, '00091001': element }));
    expect(dict['00091001']?.Value ?? []).toEqual(expected);
  });

  it('PS3.10 7.1: has a File Meta Information that names the instance', () => {
    const bytes = encodePart10(NAMED);
    expect(readIdentity(bytes)).toMatchObject({
      sopInstanceUID: '2.25.300',
      studyInstanceUID: '2.25.100',
      seriesInstanceUID: '2.25.200',
      transferSyntaxUID: '1.2.840.10008.1.2.1',
    });
    const { meta } = read(bytes);
    expect(meta['00020003']?.Value).toEqual(['2.25.300']);
    expect(meta['00020010']?.Value).toEqual(['1.2.840.10008.1.2.1']);
  });

  it('PS3.18 F.2: sequences, names, inline binaries', () => {
    const { dict } = read(
      encodePart10({
        ...NAMED,
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Test^A', Phonetic: 'x' }] },
        '00081199': {
          vr: 'SQ',
          Value: [
            { '00081155': { vr: 'UI', Value: ['2.25.1'] } },
            { '00081155': { vr: 'UI', Value: ['2.25.2'] } },
          ],
        },
        '7FE00010': { vr: 'OW', InlineBinary: 'AQIDBA==' },
      })
    );
    expect(JSON.stringify(dict['00100010']?.Value)).toContain('Test^A');
    const items = dict['00081199']?.Value as Record<string, { Value?: unknown[] }>[];
    expect(items[0]?.['00081155']?.Value).toEqual(['2.25.1']);
    expect(items).toHaveLength(2);
    expect([...new Uint8Array(dict['7FE00010']?.Value?.[0] as ArrayBuffer)]).toEqual([1, 2, 3, 4]);
  });

  it('PS3.3 C.12.1.1.2: texts beyond ASCII are UTF-8, and it says so', () => {
    const { dict } = read(
      encodePart10({
        ...NAMED,
        '00080005': { vr: 'CS', Value: ['ISO_IR 100'] },
        '00081030': { vr: 'LO', Value: ['Schädel'] },
      })
    );
    expect(dict['00080005']?.Value).toEqual(['ISO_IR 192']);
    expect(dict['00081030']?.Value).toEqual(['Schädel']);
  });

  it('a data set of dcmjs, as it reads it, comes back the same', () => {
    const { dict } = read(
      encodePart10({ ...NAMED, '7FE00010': { vr: 'OB', InlineBinary: 'AQI=' } })
    );
    const again = read(encodePart10(dict as DicomJson));
    expect(again.dict['0020000D']?.Value).toEqual(['2.25.100']);
    expect(new Uint8Array(again.dict['7FE00010']?.Value?.[0] as ArrayBuffer)).toEqual(
      Uint8Array.of(1, 2)
    );
  });

  const WRONG: readonly (readonly [string, unknown, RegExp])[] = [
    ['no SOPInstanceUID', { '00080016': NAMED['00080016'] }, /\(0008,0018\): expected/],
    ['keywords for tags', { ...NAMED, PatientID: { vr: 'LO' } }, /attributes by tag/],
    ['a BulkDataURI', { ...NAMED, '7FE00010': { vr: 'OW', BulkDataURI: 'x' } }, /\(7FE0,0010\)/],
    [
      'a number that is none',
      { ...NAMED, '00280010': { vr: 'US', Value: ['x'] } },
      /\(0028,0010\)/,
    ],
    ['a number that does not fit', { ...NAMED, '00280010': { vr: 'US', Value: [65536] } }, /US/],
    ['no VR', { ...NAMED, '00280010': {} }, /\(0028,0010\): expected a vr/],
    ['a VR that is none', { ...NAMED, '00280010': { vr: 'ZZ' } }, /expected a VR/],
    [
      'a text that is too long',
      { ...NAMED, '00280010': { vr: 'LO', Value: ['x'.repeat(70_000)] } },
      /at most 65534/,
    ],
  ];
  it.each(WRONG)('PS3.5 7.1: refuses %s, by name', (_what, dataset, message) => {
    expect(() => encodePart10(dataset as DicomJson)).toThrow(message);
    expect(() => encodePart10(dataset as DicomJson)).toThrow(TypeError);
  });
});
