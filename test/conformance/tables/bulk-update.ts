import type { Answer } from '../support/http.ts';
import type { BuilderElements } from '../../../packages/emulator/src/testing/part10-builder.ts';
import { jsonOf } from '../support/row.ts';
import type { Row, Scene, Table } from '../support/row.ts';
import type { Item } from '../support/store-answers.ts';

const E2E = 'UpdateInstanceTests';
const VALIDATOR = 'UpdateRequestValidator';
const PATH = '/v2/studies/$bulkUpdate';
const name = (value: string) => ({ '00100010': { vr: 'PN', Value: [{ Alphabetic: value }] } });
const update = (studies: unknown, changeDataset: unknown) =>
  jsonOf('POST', PATH, { studyInstanceUids: studies, changeDataset });
const updated = async (s: Scene, value = 'New^PatientName') =>
  s.operation(await s.send(update([s.study], name(value))));
const names = (answer: Answer) =>
  answer
    .json<Item[]>()
    .map(one => (one['00100010']?.Value as { Alphabetic: string }[])[0]?.Alphabetic);
const DICOM = { accept: 'application/dicom; transfer-syntax=*' };
/** A digital signature, behind the pixel data. */
const BEHIND: BuilderElements = { FFFAFFFA: ['SQ', [{ '04000105': ['DT', '20260101'] }]] };
const SIGNED = /"FFFAFFFA":\{"vr":"SQ","Value":\[\{"04000105":\{"vr":"DT","Value":\["20260101"\]/;
const ORIGINAL = { 'msdicom-request-original': 'true' };

const rows: Row[] = [
  {
    title: 'a study: 202 with the operation',
    source: `${E2E} WhenUpdatingDicomMetadataForASingleStudy`,
    known: 'E2E',
    before: s => s.stored(s.file(), s.other(), s.other()),
    request: s => update([s.study], name('New^PatientName')),
    status: 202,
    then: async (answer, s) => {
      const state = await s.operation(answer);
      expect(state.json()).toMatchObject({
        type: 'update',
        status: 'succeeded',
        results: { studyProcessed: 1, studyUpdated: 1, studyFailed: 0, instanceUpdated: 3 },
      });
      expect(state.text).not.toContain('errors');
      expect(names(await s.send({ path: `${s.paths.study}/metadata` }))).toEqual(
        Array(3).fill('New^PatientName')
      );
    },
  },
  {
    title: 'a study which is not there: succeeds with 0',
    source: `${E2E} WhenUpdatingForAUnknownStudy`,
    known: 'E2E',
    request: s => update([s.study], name('New^PatientName')),
    status: 202,
    then: async (answer, s) =>
      expect((await s.operation(answer)).json()).toMatchObject({
        status: 'succeeded',
        results: { studyProcessed: 1, studyUpdated: 0, studyFailed: 0, instanceUpdated: 0 },
      }),
  },
  {
    title: 'the file has the new value, its pixels are the old ones',
    source: `${E2E} WhenUpdatingDicomMetadataForStudyWithMultipleInstances`,
    known: 'E2E',
    before: async s => {
      await s.stored(s.file());
      await updated(s);
    },
    request: s => ({ path: s.paths.instance, headers: DICOM }),
    status: 200,
    then: (answer, s) => {
      expect(answer.body.includes('New^PatientName')).toBe(true);
      expect(answer.body.subarray(-32).equals(s.file().subarray(-32))).toBe(true);
    },
  },
  {
    title: 'elements behind the pixel data stay, in the file and in metadata',
    source: 'UpdateInstanceService, the whole data set is written anew; PS3.10 7.2',
    known: 'code',
    before: async s => {
      await s.stored(s.file(BEHIND));
      await updated(s);
    },
    request: s => ({ path: `${s.paths.instance}/metadata` }),
    status: 200,
    text: SIGNED,
    then: async (_, s) => {
      const file = await s.send({ path: s.paths.instance, headers: DICOM });
      expect(file.body.subarray(-60).equals(s.file(BEHIND).subarray(-60))).toBe(true);
    },
  },
  {
    title: 'the original file, byte for byte, after two updates',
    source: `${E2E} WhenUpdatingDicomMetadataForStudyWithMultipleInstances`,
    known: 'E2E',
    before: async s => {
      await s.stored(s.file());
      await updated(s);
      await updated(s, 'New^PatientName1');
    },
    request: s => ({ path: s.paths.instance, headers: { ...DICOM, ...ORIGINAL } }),
    status: 200,
    then: (answer, s) => expect(answer.body.equals(s.file())).toBe(true),
  },
  {
    title: 'the original metadata',
    source: `${E2E} WhenUpdatingDicomMetadataForStudyWithMultipleInstances`,
    known: 'E2E',
    before: async s => {
      await s.stored(s.file());
      await updated(s);
    },
    request: s => ({ path: `${s.paths.study}/metadata`, headers: ORIGINAL }),
    status: 200,
    then: answer => expect(names(answer)).toEqual(['Test^Tina']),
  },
  {
    title: 'a frame is what it was',
    source: `${E2E} VerifyRetrieveFrame`,
    known: 'E2E',
    before: async s => {
      await s.stored(s.file());
      await updated(s);
    },
    request: s => ({
      path: `${s.paths.instance}/frames/1`,
      headers: { accept: 'application/octet-stream; transfer-syntax=*' },
    }),
    status: 200,
    then: (answer, s) => expect(answer.body.equals(s.file().subarray(-32))).toBe(true),
  },
  {
    title: 'searches find the new value',
    source: `${E2E} WhenUpdatingDicomMetadataWithExtendedQueryTag`,
    known: 'E2E',
    before: async s => {
      await s.stored(s.file());
      await updated(s);
    },
    request: s => ({ path: `/v2/studies?PatientName=New^PatientName&StudyInstanceUID=${s.study}` }),
    status: 200,
  },
  {
    title: 'the change feed: Create is replaced, Update is current',
    source: 'EndUpdateInstanceV54.sql',
    known: 'code',
    before: async s => {
      await s.stored(s.file());
      await updated(s);
    },
    request: () => ({ path: '/v2/changefeed?limit=200' }),
    status: 200,
    then: (answer, s) =>
      expect(
        answer
          .json<{ studyInstanceUid: string; action: string; state: string }[]>()
          .filter(one => one.studyInstanceUid === s.study)
          .map(one => `${one.action} ${one.state}`)
      ).toEqual(['Create Replaced', 'Update Current']),
  },
  {
    title: 'a removal takes the original too',
    source: `${E2E} GivenInstanceUpdated_WhenDeleting`,
    known: 'E2E',
    before: async s => {
      await s.stored(s.file());
      await updated(s);
      await s.send({ method: 'DELETE', path: s.paths.study });
    },
    request: s => ({ path: s.paths.instance, headers: { ...DICOM, ...ORIGINAL } }),
    status: 404,
  },
  {
    title: 'an attribute which may not be changed: 400 as a data set',
    source: VALIDATOR,
    known: 'code',
    request: s => update([s.study], { '00080060': { vr: 'CS', Value: ['MR'] } }),
    status: 400,
    headers: { 'content-type': 'application/dicom+json; charset=utf-8' },
    text: '{"00741048":{"vr":"SQ","Value":[{"00000902":{"vr":"LO","Value":["DICOM100: (0008,0060) - Updating the tag is not supported"]}}]}}',
  },
  {
    title: 'a value which is not valid: 400 as a data set',
    source: VALIDATOR,
    known: 'code',
    request: s => update([s.study], { '00100030': { vr: 'DA', Value: ['x'] } }),
    status: 400,
    text: /DICOM100: \(0010,0030\) - Content \\"x\\" does not validate VR DA/,
  },
  {
    title: 'no studies: 400',
    source: VALIDATOR,
    known: 'code',
    request: () => update([], name('A')),
    status: 400,
    text: "The required field 'StudyInstanceUids' is missing or empty.",
  },
  {
    title: '51 studies: 400',
    source: VALIDATOR,
    known: 'code',
    request: () =>
      update(
        Array.from({ length: 51 }, (_, index) => `1.${index}`),
        name('A')
      ),
    status: 400,
    text: "StudyInstanceUids count exceeded maximum length '50'",
  },
  {
    title: 'a study which is no UID: 400',
    source: VALIDATOR,
    known: 'code',
    request: () => update(['a'], name('A')),
    status: 400,
    text: /^Dicom element 'StudyInstanceUid' failed validation for VR 'UI': /,
  },
  {
    title: 'v1: 404',
    source: `${E2E} GivenV1DicomClient_WhenUpdateStudy`,
    known: 'E2E',
    request: s => ({ ...update([s.study], {}), path: '/v1/studies/$bulkUpdate' }),
    status: 404,
    text: '',
  },
  {
    title: 'another media type: 415',
    source: 'ConsumesAttribute',
    known: 'framework',
    request: () => jsonOf('POST', PATH, '{}', 'text/plain'),
    status: 415,
  },
];

/** Section 4 of the reference, Bulk update. */
export const BULK_UPDATE: Table = { name: 'Bulk update', rows };
