import type { JsonDataSet } from '../part10/dicom-json.ts';
import { buildPart10, instanceElements, newUid } from '../testing/part10-builder.ts';
import type { BuilderElements } from '../testing/part10-builder.ts';
import { startTestService, endTestServices } from '../testing/test-service.ts';
import type { TestService } from '../testing/test-service.ts';

afterAll(endTestServices);

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.end());

const DA = 'NotAValidStudyDate';
const SEQUENCE: BuilderElements = { '00081110': ['SQ', [{ '00080021': ['DA', 'x'] }]] };

interface Row {
  cite: string;
  changes: BuilderElements;
  transferSyntax?: string;
  /** Status, code, and the beginning of the first comment. */
  v1: readonly [number, number?, string?];
  v2: readonly [number, number?, string?];
}

const missing = (tag: string) => `DICOM100: ${tag} - The required tag '${tag}' is missing.`;
const failed = (tag: string, name: string, vr: string, what: string) =>
  `DICOM100: ${tag} - Dicom element '${name}' failed validation for VR '${vr}': ${what}`;
const BAD_UID = 'DICOM Identifier is invalid.';
const INVALID = 'Value contains invalid character.';

// Rows: reference 1.5, table "v1 vs v2". Codes: 43264 FailureReason; 1 and 45063 WarningReason.
const ROWS: Row[] = [
  ...(
    [
      ['0020000D', '(0020,000d)'],
      ['0020000E', '(0020,000e)'],
      ['00080018', '(0008,0018)'],
      ['00080016', '(0008,0016)'],
    ] as const
  ).flatMap(([tag, text]): Row[] => [
    {
      cite: `${text} absent`,
      changes: { [tag]: undefined },
      v1: [409, 43264, missing(text)],
      v2: [409, 43264, missing(text)],
    },
    {
      cite: `${text} empty`,
      changes: { [tag]: ['UI', ''] },
      v1: [409, 43264, missing(text)],
      v2: [409, 43264, missing(text)],
    },
    {
      cite: `${text} twice`,
      changes: { [tag]: ['UI', '1.2\\1.3'] },
      v1: [409, 43264, missing(text)],
      v2: [409, 43264, missing(text)],
    },
  ]),
  {
    cite: 'PatientID absent',
    changes: { '00100020': undefined },
    v1: [409, 43264, missing('(0010,0020)')],
    v2: [409, 43264, missing('(0010,0020)')],
  },
  {
    cite: 'PatientID empty',
    changes: { '00100020': ['LO', ''] },
    v1: [409, 43264, missing('(0010,0020)')],
    v2: [202, 1, missing('(0010,0020)')],
  },
  {
    cite: 'UID with letters',
    changes: { '0020000E': ['UI', 'abc.123'] },
    v1: [409, 43264, failed('(0020,000e)', 'SeriesInstanceUID', 'UI', BAD_UID)],
    v2: [409, 43264, failed('(0020,000e)', 'SeriesInstanceUID', 'UI', BAD_UID)],
  },
  {
    cite: 'UID 11|',
    changes: { '00080018': ['UI', '11|'] },
    v1: [409, 43264, failed('(0008,0018)', 'SOPInstanceUID', 'UI', BAD_UID)],
    v2: [409, 43264, failed('(0008,0018)', 'SOPInstanceUID', 'UI', BAD_UID)],
  },
  {
    cite: 'UID of 65 letters',
    changes: { '00080018': ['UI', `1.${'2'.repeat(63)}`] },
    v1: [409, 43264, failed('(0008,0018)', 'SOPInstanceUID', 'UI', BAD_UID)],
    v2: [409, 43264, failed('(0008,0018)', 'SOPInstanceUID', 'UI', BAD_UID)],
  },
  {
    cite: 'a UID that climbs out of the data folder',
    changes: { '0020000D': ['UI', '../../1'] },
    v1: [409, 43264, failed('(0020,000d)', 'StudyInstanceUID', 'UI', BAD_UID)],
    v2: [409, 43264, failed('(0020,000d)', 'StudyInstanceUID', 'UI', BAD_UID)],
  },
  {
    cite: 'NUL behind PatientID',
    changes: { '00100020': ['LO', 'ab\0\0'] },
    v1: [409, 43264, failed('(0010,0020)', 'PatientID', 'LO', INVALID)],
    v2: [200],
  },
  { cite: 'NUL behind Modality', changes: { '00080060': ['CS', 'CT\0\0'] }, v1: [200], v2: [200] },
  {
    cite: 'NUL within PatientID',
    changes: { '00100020': ['LO', '\u00000123\0'] },
    v1: [409, 43264, failed('(0010,0020)', 'PatientID', 'LO', INVALID)],
    v2: [409, 43264, failed('(0010,0020)', 'PatientID', 'LO', INVALID)],
  },
  {
    cite: 'StudyDate',
    changes: { '00080020': ['DA', DA] },
    v1: [
      409,
      43264,
      failed('(0008,0020)', 'StudyDate', 'DA', 'Value cannot be parsed as a valid date.'),
    ],
    v2: [
      202,
      1,
      `DICOM100: (0008,0020) - Content "${DA}" does not validate VR DA: one of the date values does not match the pattern YYYYMMDD`,
    ],
  },
  {
    cite: 'Modality of 20 letters',
    changes: { '00080060': ['CS', 'A'.repeat(20)] },
    v1: [
      409,
      43264,
      failed('(0008,0060)', 'Modality', 'CS', 'Value length exceeds maximum length of 16.'),
    ],
    v2: [
      202,
      1,
      `DICOM100: (0008,0060) - Content "${'A'.repeat(20)}" does not validate VR CS: value exceeds maximum length of 16 characters`,
    ],
  },
  {
    cite: 'CS in lower case, not indexed',
    changes: { '00080008': ['CS', 'derived'] },
    v1: [200],
    v2: [
      202,
      1,
      'DICOM100: (0008,0008) - Content "derived" does not validate VR CS: value contains invalid character',
    ],
  },
  {
    cite: 'invalid, in a sequence',
    changes: SEQUENCE,
    v1: [200],
    v2: [202, 1, 'DICOM100: (0008,0021) - Content "x" does not validate VR DA'],
  },
  {
    cite: 'StudyDescription twice',
    changes: { '00081030': ['LO', 'a\\b'] },
    v1: [200],
    v2: [
      202,
      1,
      'DICOM100: (0008,1030) - Content "(0008,1030) LO Study Description" does not validate VR LO: Number of items 2 does not match ValueMultiplicity 1',
    ],
  },
  {
    cite: 'leading zeros in a required UID are kept',
    changes: { '0020000E': ['UI', '1.02.3'] },
    v1: [200],
    v2: [
      202,
      1,
      'DICOM100: (0020,000e) - Content "1.02.3" does not validate VR UI: components must not have leading zeros',
    ],
  },
  {
    cite: 'Implicit VR',
    changes: {},
    transferSyntax: '1.2.840.10008.1.2',
    v1: [200, 45063],
    v2: [202, 45063],
  },
  {
    cite: 'Implicit VR before 1',
    changes: { '00080020': ['DA', DA] },
    transferSyntax: '1.2.840.10008.1.2',
    v1: [409, 43264],
    v2: [202, 45063, 'DICOM100: (0008,0020)'],
  },
  {
    cite: 'any transfer syntax (1.6)',
    changes: {},
    transferSyntax: '1.2.840.10008.1.2.4.100',
    v1: [200],
    v2: [200],
  },
];

describe.each(['v1', 'v2'] as const)('%s (reference 1.5)', version => {
  it.each(ROWS.map(row => [row.cite, row] as const))('%s', async (_, row) => {
    const [status, code, comment] = row[version];
    const { transferSyntax } = row;
    const compressed = transferSyntax?.endsWith('.100');
    const file = buildPart10(instanceElements(row.changes), {
      transferSyntax,
      fragments: compressed ? [Buffer.alloc(0), Buffer.alloc(4)] : undefined,
    });
    const answer = await service.store([file], `/${version}/studies`);
    const dataSet = answer.json<JsonDataSet>();
    const [item] = (dataSet['00081198'] ?? dataSet['00081199'])?.Value as JsonDataSet[];
    const [found] = (item?.['00741048']?.Value ?? []) as JsonDataSet[];
    expect(answer.status).toBe(status);
    expect((item?.['00081197'] ?? item?.['00081196'])?.Value?.[0]).toBe(code);
    expect(found?.['00000902']?.Value?.[0] ?? '').toMatch(
      comment === undefined ? '' : new RegExp(`^${escape(comment)}`)
    );
    if (comment === undefined && code !== 43264) expect(found).toBeUndefined();
  });
});

const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

describe('what a warning does to the stored instance (reference 1.5)', () => {
  it('v2 drops invalid attributes from metadata and index, by tag at the top, and keeps the bytes', async () => {
    const study = newUid();
    const file = buildPart10(
      instanceElements({
        '0020000D': ['UI', study],
        '00080020': ['DA', DA],
        '00080021': ['DA', '20240131'],
        '00081110': ['SQ', [{ '00080021': ['DA', 'x'], '00080060': ['CS', 'CT'] }]],
      })
    );
    expect(await service.store([file])).toMatchObject({ status: 202 });
    const [metadata] = (await service.send(`/v2/studies/${study}/metadata`)).json();
    expect(metadata).not.toHaveProperty('00080020');
    // What is dropped goes by the tag, at the top of the data set. [source StoreService.DropInvalidMetadata]
    expect(metadata).not.toHaveProperty('00080021');
    expect(metadata?.['00081110']).toEqual({
      vr: 'SQ',
      Value: [{ '00080021': { vr: 'DA', Value: ['x'] }, '00080060': { vr: 'CS', Value: ['CT'] } }],
    });
    const [found] = (await service.send(`/v2/studies?StudyInstanceUID=${study}`)).json();
    expect(found).not.toHaveProperty('00080020');
    const bytes = await service.send(`/v2/studies/${study}`, {
      headers: { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
    });
    expect(bytes.body.includes(file)).toBe(true);
  });

  it('v1 warns of several values in the HTTP header only', async () => {
    const file = () => buildPart10(instanceElements({ '00081030': ['LO', 'a\\b'] }));
    const v1 = await service.store([file()], '/v1/studies');
    expect(v1.headers.warning).toBe(
      '299 localhost: "One or more indexed Dicom tag(s) have multiple values, only first value is indexed."'
    );
    expect((await service.store([file()])).headers).not.toHaveProperty('warning');
  });

  it('an empty PatientID does not overwrite an earlier one', async () => {
    const study = newUid();
    const same: BuilderElements = { '0020000D': ['UI', study] };
    await service.store([buildPart10(instanceElements({ ...same, '00100020': ['LO', 'P1'] }))]);
    await service.store([buildPart10(instanceElements({ ...same, '00100020': ['LO', ''] }))]);
    const [found] = (await service.send(`/v2/studies?StudyInstanceUID=${study}`)).json();
    expect(found?.['00100020']).toEqual({ vr: 'LO', Value: ['P1'] });
  });

  it('padding of UIDs does not matter for duplicates (reference 0.10)', async () => {
    const elements = instanceElements({ '00080018': ['UI', '1.2.3.4'] });
    const padded = { ...elements, '00080018': ['UI', '1.2.3.4  '] as const };
    expect(await service.store([buildPart10(elements)])).toMatchObject({ status: 200 });
    expect(await service.store([buildPart10(padded)])).toMatchObject({ status: 409 });
  });
});

it('the hosted profile refuses Implicit VR (reference 1.6)', async () => {
  const hosted = await startTestService({ profile: 'hosted' });
  const file = buildPart10(instanceElements(), { transferSyntax: '1.2.840.10008.1.2' });
  expect(await hosted.store([file])).toMatchObject({ status: 409 });
  await hosted.end();
});
