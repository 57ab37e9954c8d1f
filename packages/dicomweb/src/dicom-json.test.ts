import { itemsOf, numberOf, personNameOf, stringOf, stringsOf, valuesOf } from './dicom-json.ts';
import type { DicomJson } from './dicom-json.ts';

const DATA_SET = JSON.parse(`{
  "00080061": {"vr": "CS", "Value": ["CT ", null, "SR"]},
  "00081030": {"vr": "LO"},
  "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Test^Synthetic", "Ideographic": "x"}]},
  "00080090": {"vr": "PN", "Value": [{"Ideographic": "山田^太郎"}]},
  "00201208": {"vr": "IS", "Value": ["60"]},
  "00201209": {"vr": "IS", "Value": [7]},
  "00200013": {"vr": "IS", "Value": ["seven"]},
  "0020000D": {"vr": "UI", "Value": ["2.25.1\\u0000"]},
  "00081199": {"vr": "SQ", "Value": [{"00081155": {"vr": "UI", "Value": ["1"]}}, null, 3, []]},
  "00081198": {"vr": "SQ", "Value": "no array"},
  "__proto__": {"Value": ["hostile"]}
}`) as DicomJson;

describe('getters of the DICOM JSON Model (PS3.18 F.2)', () => {
  const ROWS = [
    ['F.2.5 an empty item is null', stringsOf(DATA_SET, 'ModalitiesInStudy'), ['CT', 'SR']],
    ['padding', stringOf(DATA_SET, 'StudyInstanceUID'), '2.25.1'],
    ['by tag', stringOf(DATA_SET, '0020000D'), '2.25.1'],
    ['F.2.5 no Value', stringOf(DATA_SET, 'StudyDescription'), undefined],
    ['absent', stringOf(DATA_SET, 'PatientID'), undefined],
    ['F.2.3.1 IS as text', numberOf(DATA_SET, 'NumberOfStudyRelatedInstances'), 60],
    ['F.2.3.1 IS as number', numberOf(DATA_SET, 'NumberOfSeriesRelatedInstances'), 7],
    ['not a number', numberOf(DATA_SET, 'InstanceNumber'), undefined],
    ['absent number', numberOf(DATA_SET, 'SeriesNumber'), undefined],
    ['F.2.2 PN', personNameOf(DATA_SET, 'PatientName'), 'Test^Synthetic'],
    ['F.2.2 PN, ideographic only', personNameOf(DATA_SET, 'ReferringPhysicianName'), '山田^太郎'],
    ['absent PN', personNameOf({}, 'PatientName'), undefined],
    ['items without what is none', itemsOf(DATA_SET, 'ReferencedSOPSequence').length, 1],
    ['Value is no array', itemsOf(DATA_SET, 'FailedSOPSequence').length, 0],
    ['hostile: toString', valuesOf(DATA_SET, 'toString' as 'X').length, 0],
    ['hostile: constructor', valuesOf({}, 'constructor' as 'X').length, 0],
  ] as const;
  it.each(ROWS)('%s', (_cite, found, expected) => {
    expect(found).toEqual(expected);
  });
});
