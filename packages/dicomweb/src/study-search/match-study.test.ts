import type { DicomJson } from '../dicom-json.ts';
import { nameMatches, studyMatches, textMatches } from './match-study.ts';

/** Issue: any word's beginning, any order, accents and case. */
it.each([
  ['smi jo', 'Jones^Smith', true],
  ['jo smi', 'Jones^Smith', true],
  ['smi', 'Jones^Smith', true],
  ['mith', 'Jones^Smith', false],
  ['smi ja', 'Jones^Smith', false],
  ['JONES, smith', 'Jones^Smith', true],
  ['zoe', 'Zoé^Ana', true],
  ['ZOÉ', 'Zoe^Ana', true],
  ['muller jo', 'Müller^Jörg Peter', true],
  ['pet', 'Müller^Jörg Peter', true],
  ['obrien', "O'Brien^Pat", true],
  ["o'brien", "O'Brien^Pat", true],
  ['brien', "O'Brien^Pat", true],
  ['lee-a', 'Lee-Ash^Kim', true],
  ['ash', 'Lee-Ash^Kim', true],
  ['山', 'Yamada^Tarou=山田^太郎', true],
  ['--', 'Jones^Smith', true],
  ['smi', '', false],
])('nameMatches: %j in %j is %j', (asked, name, expected) => {
  expect(nameMatches(name, asked)).toBe(expected);
});

it.each([
  ['rn1', 'MRN12', true],
  ['MRN12', 'mrn12', true],
  ['2', 'MRN12', true],
  ['3', 'MRN12', false],
  ['12 ', 'MRN12', true],
  ['M*2', 'MRN12', true],
  ['2*M', 'MRN12', false],
  ['*12*', 'MRN12', true],
  ['12*12', 'MRN12', false],
  ['M?N', 'MRN12', true],
  ['ecole', 'École', true],
  ['a', '', false],
])('textMatches: %j in %j is %j', (asked, value, expected) => {
  expect(textMatches(value, asked)).toBe(expected);
});

const STUDY: DicomJson = {
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' }] },
  '00101005': { vr: 'PN', Value: [{ Alphabetic: 'Suzuki' }] },
  '00100020': { vr: 'LO', Value: ['P-7\0'] },
  '00081030': { vr: 'LO', Value: ['CT chest with contrast'] },
};

it.each([
  ['all filters that are named', { patientName: 'tar', patientID: 'p-7' }, true],
  ['one of them is not met', { patientName: 'tar', patientID: 'p-8' }, false],
  ['another group of the name', { patientName: '太' }, true],
  ['parts of a description in any order', { studyDescription: 'contrast chest' }, true],
  ['an attribute that the study has not', { accessionNumber: '1' }, false],
  ['nothing is asked', { patientID: '*', accessionNumber: ' ' }, true],
])('studyMatches: %s', (_case, filters, expected) => {
  const named = ['patientName', 'patientID', 'accessionNumber', 'studyDescription'] as const;
  expect(studyMatches(STUDY, filters, named)).toBe(expected);
});

it('a filter that is not named is not looked at', () => {
  expect(studyMatches(STUDY, { patientID: 'x' }, ['patientName'])).toBe(true);
});

it('words of another name count where its tag is named', () => {
  const filters = { patientName: 'suz tar' };
  expect(studyMatches(STUDY, filters, ['patientName'])).toBe(false);
  expect(studyMatches(STUDY, filters, ['patientName'], ['00101005'])).toBe(true);
});
