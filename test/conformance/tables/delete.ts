import type { Row, Table } from '../support/row.ts';

const E2E = 'DeleteTests';
const LEVELS = ['instance', 'series', 'study'] as const;

const rows: Row[] = LEVELS.flatMap((level): Row[] => [
  {
    title: `a ${level}: 204`,
    source: E2E,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: s => ({ method: 'DELETE', path: s.paths[level], headers: { accept: undefined } }),
    status: 204,
    text: '',
    then: async (_, s) => {
      expect(await s.send({ path: `${s.paths.study}/metadata` })).toMatchObject({ status: 404 });
      expect(await s.send({ path: `/v2/studies?StudyInstanceUID=${s.study}` })).toMatchObject({
        status: 204,
      });
    },
  },
  {
    title: `a ${level} again: 404`,
    source: E2E,
    known: 'E2E',
    before: async s => {
      await s.stored(s.file());
      await s.send({ method: 'DELETE', path: s.paths[level] });
    },
    request: s => ({ method: 'DELETE', path: s.paths[level] }),
    status: 404,
    text: `The specified ${level} cannot be found.`,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  },
]);

const INVALID =
  "DICOM Identifier is invalid. Value length should not exceed the maximum length of 64 characters. Value should contain characters in '0'-'9' and '.'. Each component must start with non-zero number.";
const BAD: readonly [path: string, name: string][] = [
  ['/studies/notAStudyUid', 'StudyInstanceUid'],
  ['/studies/1.2/series/notASeriesUid', 'SeriesInstanceUid'],
  ['/studies/1.2/series/1.3/instances/notAnInstanceUid', 'SopInstanceUid'],
];

/** Section 4 of the reference, Delete. */
export const DELETE: Table = {
  name: 'Delete',
  rows: [
    ...rows,
    ...BAD.map(([path, name]): Row => ({
      title: `${path}: 400`,
      source: E2E,
      known: 'E2E',
      request: () => ({ method: 'DELETE', path: `/v2${path}` }),
      status: 400,
      text: `Dicom element '${name}' failed validation for VR 'UI': ${INVALID}`,
    })),
    {
      title: 'one instance of two: the other stays',
      source: E2E,
      known: 'E2E',
      before: s => s.stored(s.file(), s.other()),
      request: s => ({ method: 'DELETE', path: s.paths.instance }),
      status: 204,
      then: async (_, s) => {
        const left = await s.send({ path: `${s.paths.study}/metadata` });
        expect(left.json<unknown[]>()).toHaveLength(1);
      },
    },
    {
      title: 'stored again after its removal: 200',
      source: 'reference 4, DELETE',
      known: 'code',
      before: async s => {
        await s.stored(s.file());
        await s.send({ method: 'DELETE', path: s.paths.study });
        await s.stored(s.file());
      },
      request: s => ({ path: `${s.paths.instance}/metadata` }),
      status: 200,
    },
    {
      title: 'all studies: 405',
      source: 'DeleteController',
      known: 'code',
      request: () => ({ method: 'DELETE', path: '/v2/studies' }),
      status: 405,
    },
  ],
};
