import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import { dicomJsonAttributes, dicomJsonText } from './dicom-json-text.ts';
import { toDicomJson } from './dicom-json.ts';
import { readPart10Header } from './part10-reader.ts';
import type { Part10Header } from './part10-reader.ts';

const NONE = new Set<never>();
const read = (...file: Parameters<typeof buildPart10>) =>
  readPart10Header(buildPart10(...file), true);
const same = (header: Part10Header) => {
  const json = toDicomJson(header, NONE);
  expect(JSON.parse(dicomJsonText(header, NONE))).toEqual(JSON.parse(JSON.stringify(json)));
};

describe('the text is that of the objects (PS3.18 annex F)', () => {
  it.each([
    ['usual values', instanceElements()],
    [
      'values which JSON escapes',
      { '00081030': ['LO', 'a "b" \\ c'], '00104000': ['LT', '\t\r\n'] },
    ],
    ['values beyond ASCII', { '00080005': ['CS', 'ISO_IR 192'], '00100010': ['PN', 'Åsa^Ö=明'] }],
    ['several values, empty ones too', { '00080008': ['CS', 'A\\\\B'], '00181030': ['LO', '\\'] }],
    ['no value', { '00100010': ['PN', ''], '00280010': ['US', []], '00081110': ['SQ', []] }],
    [
      'numbers',
      { '00280030': ['DS', '0.7\\-0\\1e3'], '00200013': ['IS', 'x'], '00186028': ['FD', [0]] },
    ],
    [
      'sequences in sequences',
      { '00082112': ['SQ', [{ '0040A170': ['SQ', [{}, { '00080100': ['SH', '"'] }]] }]] },
    ],
    ['bulk values', { '00091001': ['UN', '1234'], '00420011': ['OB', '1234'] }],
  ] as [string, Parameters<typeof buildPart10>[0]][])('%s', (_, elements) => {
    same(read(elements));
  });

  it('without the elements which are to be left out', () => {
    const header = read(instanceElements());
    const dropped = new Set(header.dataSet.filter(({ vr }) => vr === 'PN'));
    expect(JSON.parse(dicomJsonText(header, dropped))).toEqual(toDicomJson(header, dropped));
  });

  it('a tag which comes twice comes once, with its last value', () => {
    const header = read({ '00080060': ['CS', 'CT'] });
    const [element] = header.dataSet;
    if (!element) throw new Error('The element is missing.');
    header.dataSet.push({ tag: element.tag, vr: 'CS', value: Buffer.from('MR') });
    expect(dicomJsonText(header, NONE)).toBe('{"00080060":{"vr":"CS","Value":["MR"]}}');
  });
});

it('gives single attributes, in the data set’s character set', () => {
  const header = read({
    '00080005': ['CS', 'ISO_IR 192'],
    '00080060': ['CS', ''],
    '00100010': ['PN', 'Åsa'],
    '00100020': ['LO', 'PID'],
  });
  expect(dicomJsonAttributes(header, new Set(['00080060', '00100010']), NONE)).toEqual({
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Åsa' }] },
  });
});
