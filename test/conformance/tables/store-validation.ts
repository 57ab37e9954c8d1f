import { storeOf } from '../support/row.ts';
import type { Row } from '../support/row.ts';
import { failure, reason, warned } from '../support/store-answers.ts';
import type { Item } from '../support/store-answers.ts';

const E2E = 'StoreTransactionTests';
const LATEST = 'StoreTransactionTestsLatest';
const studies = (root: string) => `${root}/studies`;

/** What is wrong with an instance. */
export const STORE_VALIDATION: readonly Row[] = [
  ...(
    [
      ['00080016', '(0008,0016)'],
      ['0020000D', '(0020,000d)'],
      ['0020000E', '(0020,000e)'],
      ['00080018', '(0008,0018)'],
      ['00100020', '(0010,0020)'],
    ] as const
  ).map(([tag, text]): Row => ({
    title: `${text} is missing: 43264`,
    source: 'StoreDatasetValidator',
    known: 'code',
    request: s => storeOf(studies(s.root), [s.file({ [tag]: undefined })]),
    status: 409,
    then: failure(`DICOM100: ${text} - The required tag '${text}' is missing.`),
  })),
  ...['abc.123', '11|'].map((uid): Row => ({
    title: `StudyInstanceUID ${uid}: 43264`,
    source: `${E2E} GivenDatasetWithInvalidUid`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [s.file({ '0020000D': ['UI', uid] })]),
    status: 409,
    then: reason(43264),
  })),
  {
    title: 'PatientID empty: warning 1',
    source: `${LATEST} GivenStoringMultipleInstanceInStudy_WhenInitialInstanceHasNullPatientId`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [s.file({ '00100020': ['LO', ''] })]),
    status: 202,
    then: warned(1, "DICOM100: (0010,0020) - The required tag '(0010,0020)' is missing."),
  },
  {
    title: 'PatientID empty in v1: 43264',
    source: 'StoreDatasetValidator.ValidatePatientId',
    known: 'code',
    request: s => storeOf('/v1/studies', [s.file({ '00100020': ['LO', ''] })]),
    status: 409,
    then: failure("DICOM100: (0010,0020) - The required tag '(0010,0020)' is missing."),
  },
  {
    title: 'NUL inside PatientID: 43264',
    source: `${LATEST} GivenInstanceWithPatientIdInvalidWithNullPadding`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [s.file({ '00100020': ['LO', '\u0000123\u0000'] })]),
    status: 409,
    then: failure(
      "DICOM100: (0010,0020) - Dicom element 'PatientID' failed validation for VR 'LO': Value contains invalid character."
    ),
  },
  ...(
    [
      ['00100020', 'LO', '123\0'],
      ['00080060', 'CS', 'X\0'],
    ] as const
  ).map(([tag, vr, value]): Row => ({
    title: `${tag} padded with NUL: no warning`,
    source: `${LATEST} …WithNullPadding`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [s.file({ [tag]: [vr, value] })]),
    status: 200,
  })),
  {
    title: 'StudyInstanceUID padded with NUL, without in the path',
    source: `${LATEST} GivenInstanceWithStudyUIDValidWithNullPadding`,
    known: 'E2E',
    request: s => storeOf(s.paths.study, [s.file({ '0020000D': ['UI', `${s.study}\0`] })]),
    status: 200,
  },
  {
    title: 'StudyDate NotAValidStudyDate: warning 1 with the text',
    source: `${LATEST} GivenInstanceWithAnInvalidIndexableAttribute`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [s.file({ '00080020': ['DA', 'NotAValidStudyDate'] })]),
    status: 202,
    then: warned(
      1,
      'DICOM100: (0008,0020) - Content "NotAValidStudyDate" does not validate VR DA: one of the date values does not match the pattern YYYYMMDD'
    ),
  },
  {
    title: 'StudyDate NotAValidStudyDate in v1: 43264',
    source: 'StoreDatasetValidator.ValidateIndexedItems',
    known: 'code',
    request: s => storeOf('/v1/studies', [s.file({ '00080020': ['DA', 'NotAValidStudyDate'] })]),
    status: 409,
    then: failure(
      "DICOM100: (0008,0020) - Dicom element 'StudyDate' failed validation for VR 'DA': Value cannot be parsed as a valid date."
    ),
  },
  {
    title: 'what is invalid is not in the metadata',
    source: `${LATEST} GivenInstanceWithAnInvalidIndexableAttribute`,
    known: 'E2E',
    before: s => s.stored(s.file({ '00080020': ['DA', 'NotAValidStudyDate'] })),
    request: s => ({ path: `${s.paths.instance}/metadata` }),
    status: 200,
    then: answer => expect(answer.json<Item[]>()[0]).not.toHaveProperty('00080020'),
  },
  {
    title: 'NUL inside Modality: warning 1',
    source: `${LATEST} GivenInstanceWithIndexableTagWithNullAsInvalidChar`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [s.file({ '00080060': ['CS', 'X\0X'] })]),
    status: 202,
    text: /does not validate VR CS: value contains invalid character/,
  },
  {
    title: 'the metadata keep the NUL at the end',
    source: `${LATEST} GivenInstanceWithIndexableTagWithNullPadding`,
    known: 'E2E',
    before: s => s.stored(s.file({ '00080060': ['CS', 'X\0'] })),
    request: s => ({ path: `${s.paths.instance}/metadata` }),
    status: 200,
    then: answer => expect(answer.json<Item[]>()[0]?.['00080060']?.Value).toEqual(['X\0']),
  },
  ...(
    [
      [
        '0008002A',
        'DT',
        'NotAValidDate',
        '(0008,002a)',
        'value does not mach pattern YYYY[MM[DD[HH[MM[SS[.F{1-6}]]]]]]',
      ],
      ['00101010', 'AS', '12X4', '(0010,1010)', 'value does not have pattern 000[DWMY]'],
      ['00200013', 'IS', 'x', '(0020,0013)', 'value is not an integer string'],
      ['00180050', 'DS', '1,5', '(0018,0050)', 'value is no decimal string'],
      ['00080030', 'TM', '2561', '(0008,0030)', 'hour component exceeds 23'],
      [
        '00080050',
        'SH',
        'A'.repeat(17),
        '(0008,0050)',
        'value exceeds maximum length of 16 characters',
      ],
      ['00081140', 'SQ', '', '', ''],
    ] as const
  )
    .filter(([, vr]) => vr !== 'SQ')
    .map(([tag, vr, value, text, fault]): Row => ({
      title: `invalid ${vr} at ${text}: warning 1`,
      source: 'StoreDatasetValidator.GenerateValidationWarnings; fo-dicom DicomValidation',
      known: 'code',
      request: s => storeOf(studies(s.root), [s.file({ [tag]: [vr, value] })]),
      status: 202,
      then: warned(
        1,
        `DICOM100: ${text} - Content "${value}" does not validate VR ${vr}: ${fault}`
      ),
    })),
  {
    title: 'two values where one may stand: warning 1',
    source: 'fo-dicom DicomElement.ValidateVM',
    known: 'code',
    request: s => storeOf(studies(s.root), [s.file({ '00081030': ['LO', 'a\\b'] })]),
    status: 202,
    then: warned(
      1,
      'DICOM100: (0008,1030) - Content "(0008,1030) LO Study Description" does not validate VR LO: Number of items 2 does not match ValueMultiplicity 1'
    ),
  },
  {
    title: 'v1 warns of it in the HTTP header',
    source: 'StoreTransactionTestsV1; StoreController.PostAsync',
    known: 'E2E',
    request: s => storeOf('/v1/studies', [s.file({ '00081030': ['LO', 'a\\b'] })]),
    status: 200,
    headers: {
      warning:
        /^299 localhost: "One or more indexed Dicom tag\(s\) have multiple values, only first value is indexed\."$/,
    },
  },
  {
    title: 'v1: a name of four groups has the text of the components',
    source: 'ValidationErrorCodeExtensions',
    known: 'code',
    request: s => storeOf('/v1/studies', [s.file({ '00100010': ['PN', 'a=b=c=d'] })]),
    status: 409,
    then: failure(
      "DICOM100: (0010,0010) - Dicom element 'PatientName' failed validation for VR 'PN': Value contains more than 5 components."
    ),
  },
  {
    title: 'v1: an AccessionNumber of 17 letters',
    source: 'ElementMaxLengthValidation',
    known: 'code',
    request: s => storeOf('/v1/studies', [s.file({ '00080050': ['SH', 'A'.repeat(17)] })]),
    status: 409,
    then: failure(
      "DICOM100: (0008,0050) - Dicom element 'AccessionNumber' failed validation for VR 'SH': Value length exceeds maximum length of 16."
    ),
  },
  {
    title: 'an empty PatientID does not overwrite one',
    source: `${LATEST} GivenStoringMultipleInstanceInStudy`,
    known: 'E2E',
    before: async s => {
      await s.stored(s.file({ '00100020': ['LO', '123'] }));
      await s.stored(s.other({ '00100020': ['LO', ''] }));
    },
    request: s => ({ path: `${s.root}/studies?StudyInstanceUID=${s.study}` }),
    status: 200,
    then: answer => expect(answer.json<Item[]>()[0]?.['00100020']?.Value).toEqual(['123']),
  },
  ...(
    [
      ['', ' '],
      [' ', ''],
      ['     ', ' '],
    ] as const
  ).map(([asked, stored]): Row => ({
    title: `StudyInstanceUID stored with '${stored}' behind it, asked with '${asked}'`,
    source: 'RetrieveTransactionResourceTests.Instance GivenInstanceWithPaddedStudyInstanceUID',
    known: 'E2E',
    before: s => s.stored(s.file({ '0020000D': ['UI', s.study + stored] })),
    request: s => ({
      path: s.paths.instance.replace(s.study, s.study + asked.replaceAll(' ', '%20')),
      headers: { accept: 'application/dicom; transfer-syntax=*' },
    }),
    status: 200,
  })),
];
