import { storeOf } from '../support/row.ts';
import type { Row, Scene, Table } from '../support/row.ts';

const DOCS = 'azure-docs external-metadata.md, 2024-12-30';
const ASKED = { 'msdicom-request-meta': 'true' };

/** Stores a file with additional headers. */
const store = (s: Scene, headers: Record<string, string>, path = '/v2/studies') => {
  const sent = storeOf(path, [s.file()]);
  return { ...sent, headers: { ...sent.headers, ...headers } };
};
const given = async (s: Scene, headers: Record<string, string>) => {
  expect(await s.send(store(s, headers))).toMatchObject({ status: 200 });
};
const metadata = (s: Scene, headers: Record<string, string> = ASKED) => ({
  path: `${s.paths.instance}/metadata`,
  headers,
});
const search = (s: Scene, query: string, headers: Record<string, string> = ASKED) => ({
  path: `/v2/studies?StudyInstanceUID=${s.study}&${query}`,
  headers,
});

const rows: Row[] = [
  {
    title: 'metadata with the attributes, and with their private creator',
    source: `${DOCS}: Retrieve metadata; the private creator is Microsoft`,
    known: 'docs',
    before: s =>
      given(s, { 'msdicom-meta-CS-001910FF': 'READY', 'msdicom-meta-PN-00191100': 'Person^Name' }),
    request: s => metadata(s),
    status: 200,
    then: answer =>
      expect(answer.json<unknown[]>()[0]).toMatchObject({
        '00190010': { vr: 'LO', Value: ['Microsoft'] },
        '00190011': { vr: 'LO', Value: ['Microsoft'] },
        '001910FF': { vr: 'CS', Value: ['READY'] },
        '00191100': { vr: 'PN', Value: [{ Alphabetic: 'Person^Name' }] },
      }),
  },
  {
    title: 'metadata without msdicom-request-meta: without them',
    source: `${DOCS}: by setting the header to true`,
    known: 'docs',
    before: s => given(s, { 'msdicom-meta-CS-001910FF': 'READY' }),
    request: s => metadata(s, {}),
    status: 200,
    then: answer => expect(answer.text).not.toContain('001910FF'),
  },
  {
    title: 'the file is the one which was stored',
    source: `${DOCS}: not part of the DICOM file`,
    known: 'docs',
    before: s => given(s, { 'msdicom-meta-CS-001910FF': 'READY' }),
    request: s => ({
      path: s.paths.instance,
      headers: { accept: 'application/dicom; transfer-syntax=*', ...ASKED },
    }),
    status: 200,
    then: (answer, s) => expect(answer.body.equals(s.file())).toBe(true),
  },
  {
    title: 'a study is found by one, and has it among its attributes',
    source: `${DOCS}: Search`,
    known: 'docs',
    before: s => given(s, { 'msdicom-meta-PN-00191100': 'Person^Name' }),
    request: s => search(s, '00191100=person^name'),
    status: 200,
    text: /"00191100":\{"vr":"PN","Value":\[\{"Alphabetic":"Person\^Name"\}\]\}/,
  },
  {
    title: 'a person name: fuzzy matching',
    source: `${DOCS}: table of VRs`,
    known: 'docs',
    before: s => given(s, { 'msdicom-meta-PN-00191100': 'Person^Name' }),
    request: s => search(s, '00191100=pers&fuzzymatching=true'),
    status: 200,
  },
  {
    title: 'a date: range matching',
    source: `${DOCS}: table of VRs`,
    known: 'docs',
    before: s => given(s, { 'msdicom-meta-DA-001900FF': '20241231' }),
    request: s => search(s, '001900FF=20241201-20241231'),
    status: 200,
  },
  {
    title: 'another value: not found',
    source: `${DOCS}: Search`,
    known: 'docs',
    before: s => given(s, { 'msdicom-meta-CS-001910FF': 'READY' }),
    request: s => search(s, '001910FF=OTHER'),
    status: 204,
  },
  {
    title: 'a search without msdicom-request-meta does not know it: 400',
    source: `${DOCS}: by setting the header to true; reference 2.6`,
    known: 'docs',
    before: s => given(s, { 'msdicom-meta-CS-001910FF': 'READY' }),
    request: s => search(s, '001910FF=READY', {}),
    status: 400,
    text: /is not queryable/,
  },
  {
    title: 'included in the results',
    source: `${DOCS}: to be included as part of response data`,
    known: 'docs',
    before: s => given(s, { 'msdicom-meta-CS-001910FF': 'READY' }),
    request: s => search(s, 'includefield=001910FF'),
    status: 200,
    text: /"001910FF":\{"vr":"CS","Value":\["READY"\]\}/,
  },
  {
    title: 'given again: the new value, for the whole study',
    source: `${DOCS}: it updates the value of the existing tag for the study`,
    known: 'docs',
    before: async s => {
      await given(s, { 'msdicom-meta-CS-001910FF': 'READY', 'msdicom-meta-US-00191101': '7' });
      const again = storeOf('/v2/studies', [s.other()]);
      const headers = { ...again.headers, 'msdicom-meta-CS-001910FF': 'DONE' };
      expect(await s.send({ ...again, headers })).toMatchObject({ status: 200 });
    },
    request: s => metadata(s),
    status: 200,
    then: answer =>
      expect(answer.json<unknown[]>()[0]).toMatchObject({
        '001910FF': { Value: ['DONE'] },
        '00191101': { vr: 'US', Value: [7] },
      }),
  },
  {
    title: 'an empty value is none',
    source: `${DOCS}: not indexed if the value is null or empty`,
    known: 'docs',
    before: s => given(s, { 'msdicom-meta-CS-001912FF': '' }),
    request: s => metadata(s),
    status: 200,
    then: answer => expect(answer.text).not.toContain('001912FF'),
  },
  {
    title: 'before an extended query tag of its path',
    source: `${DOCS}: the value from the external metadata is used`,
    known: 'docs',
    before: async s => {
      const file = s.file({ '00330010': ['LO', 'A'], '00331001': ['CS', 'FILE'] });
      const sent = storeOf('/v2/studies', [file]);
      const headers = { ...sent.headers, 'msdicom-meta-CS-00331001': 'HEADER' };
      expect(await s.send({ ...sent, headers })).toMatchObject({ status: 200 });
      const tag = { Path: '00331001', VR: 'CS', PrivateCreator: 'A', Level: 'Study' };
      const added = await s.send({
        method: 'POST',
        path: '/v2/extendedquerytags',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([tag]),
      });
      await s.operation(added);
      const of = async (query: string, asked: Record<string, string>) =>
        (await s.send(search(s, query, asked))).status;
      expect(await of('00331001=FILE', {})).toBe(200);
      expect(await of('00331001=FILE', ASKED)).toBe(204);
    },
    request: s => search(s, '00331001=HEADER'),
    status: 200,
    text: /"HEADER"/,
  },
  ...(
    [
      ['another VR than before', { 'msdicom-meta-LO-001910FF': 'READY' }],
      ['a value which its VR does not permit', { 'msdicom-meta-DA-001900FF': '2024-12-31' }],
      ['a VR which is not supported', { 'msdicom-meta-UT-00191201': 'text' }],
      ['a standard tag', { 'msdicom-meta-CS-00100040': 'F' }],
      [
        'one of several is wrong',
        { 'msdicom-meta-CS-001910FF': 'READY', 'msdicom-meta-US-00191101': 'x' },
      ],
    ] as [string, Record<string, string>][]
  ).map(([title, headers]): Row => ({
    title: `${title}: the request fails`,
    source: `${DOCS}: fails the whole transaction; the status is ours`,
    known: 'docs',
    before: async s => {
      const first = { 'msdicom-meta-CS-001910FF': 'READY' };
      const sent = storeOf('/v2/studies', [s.file({ '0020000D': ['UI', `${s.study}.1`] })]);
      await s.send({ ...sent, headers: { ...sent.headers, ...first } });
    },
    request: s => store(s, headers),
    status: 400,
    then: async (_, s) =>
      expect(await s.send({ path: `${s.paths.study}/metadata` })).toMatchObject({ status: 404 }),
  })),
  {
    title: 'v1 does not know them',
    source: `${DOCS}: version 2 or above`,
    known: 'docs',
    before: async s => {
      const sent = store(s, { 'msdicom-meta-UT-00100040': 'wrong' }, '/v1/studies');
      expect(await s.send(sent)).toMatchObject({ status: 200 });
    },
    request: s => metadata(s),
    status: 200,
  },
];

/** Additional attributes of studies, which only the hosted service has. */
export const EXTERNAL_METADATA: Table = {
  name: 'External metadata, profile hosted',
  options: { profile: 'hosted' },
  rows,
};
