import {
  buildPart10,
  instanceElements,
} from '../../../packages/emulator/src/testing/part10-builder.ts';

/** One of many studies that are made for a search. */
export interface MadeStudy {
  studyInstanceUID: string;
  patientName: string;
  patientID: string;
  accessionNumber: string;
  /** The service searches by it only where an extended query tag says so. */
  studyID: string;
  description: string;
  modalities: readonly string[];
  /** `yyyyMMdd` */
  date: string;
  time: string;
}

const NAMES = [
  'Jones^Smith',
  'Smith^Anna Maria',
  'Müller^Jörg',
  'Lefèvre^Zoé',
  "O'Brien^Pat",
  'Nguyen^Van An',
  'Øster^Åse',
  'Schmidt-Weber^Karl',
  'García^José',
  'Doe^Jane',
];
const DESCRIPTIONS = ['CT Chest', 'MR Knee left', 'US Abdomen', 'X-ray Hand', 'PET whole body'];
const MODALITIES = [['CT'], ['MR'], ['US'], ['CR'], ['PT', 'CT']];
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2015, 0, 1);

/** So many studies, one a day from the first of January 2015 on; the first is received first. */
export function manyStudies(count: number): MadeStudy[] {
  return Array.from({ length: count }, (_, index) => ({
    studyInstanceUID: `2.25.7700.${index + 1}`,
    patientName: NAMES[index % NAMES.length] ?? '',
    patientID: `MRN-${10_000 + index}`,
    accessionNumber: `ACC${50_000 + index}`,
    studyID: `RAD-${70_000 + index}`,
    description: DESCRIPTIONS[index % DESCRIPTIONS.length] ?? '',
    modalities: MODALITIES[index % MODALITIES.length] ?? [],
    date: new Date(FIRST_DAY + index * DAY_MS).toISOString().slice(0, 10).replaceAll('-', ''),
    time: `${String(8 + (index % 10)).padStart(2, '0')}1500`,
  }));
}

/** Their files: an image of 4 x 4 pixels for each modality. */
export function filesOf(studies: readonly MadeStudy[]): Uint8Array[] {
  return studies.flatMap(study =>
    study.modalities.map((modality, series) =>
      buildPart10(
        instanceElements({
          '00080005': ['CS', 'ISO_IR 192'],
          '00080018': ['UI', `${study.studyInstanceUID}.${series + 1}.1`],
          '00080020': ['DA', study.date],
          '00080030': ['TM', study.time],
          '00080050': ['SH', study.accessionNumber],
          '00080060': ['CS', modality],
          '00081030': ['LO', study.description],
          '00100010': ['PN', study.patientName],
          '00100020': ['LO', study.patientID],
          '0020000D': ['UI', study.studyInstanceUID],
          '00200010': ['SH', study.studyID],
          '0020000E': ['UI', `${study.studyInstanceUID}.${series + 1}`],
        })
      )
    )
  );
}
