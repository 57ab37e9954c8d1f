import type { Answer } from './http.ts';
import { jsonOf } from './row.ts';
import type { Scene } from './row.ts';
import type { Item } from './store-answers.ts';

/** The media type of work item requests. */
export const TYPE = 'application/dicom+json';

export const value = (vr: string, ...values: unknown[]) =>
  values.length === 0 ? { vr } : { vr, Value: values };
/** A work item with all that it must have. */
export const workItem = (changes: Record<string, unknown> = {}) => ({
  '00081195': value('UI'),
  '00100010': value('PN', { Alphabetic: 'Worklist^Wanda' }),
  '00100021': value('LO'),
  '00100024': value('SQ'),
  '00100030': value('DA', '19700102'),
  '00100040': value('CS', 'F'),
  '00101002': value('SQ'),
  '00081080': value('LO', 'Diagnosis'),
  '00081084': value('SQ', { '00080104': value('LO', 'Meaning') }),
  '00380010': value('LO', '1'),
  '00380014': value('SQ', {}),
  '0040A370': value('SQ'),
  '00404005': value('DT', '20240131101500'),
  '00404018': value('SQ'),
  '00404021': value('SQ'),
  '00404025': value('SQ'),
  '00404026': value('SQ'),
  '00404027': value('SQ'),
  '00404041': value('CS', 'READY'),
  '00400400': value('LT', 'Comments'),
  '00741000': value('CS', 'SCHEDULED'),
  '00741002': value('SQ'),
  '00741200': value('CS', 'HIGH'),
  '00741204': value('LO', 'Label'),
  '00741210': value('SQ'),
  '00741216': value('SQ'),
  ...changes,
});
export const post = (path: string, body: unknown) => jsonOf('POST', path, [body], TYPE);
export const create = (s: Scene, changes?: Record<string, unknown>) =>
  post(`/v2/workitems?${s.instance}`, workItem(changes));
export const created = async (s: Scene, changes?: Record<string, unknown>) => {
  const answer = await s.send(create(s, changes));
  expect(`${answer.status} ${answer.text}`).toBe('201 ');
};
export const at = (s: Scene, rest = '') => `/v2/workitems/${s.instance}${rest}`;
export const TRANSACTION = '2.25.77';
export const state = (s: Scene, target: string, transaction = TRANSACTION) =>
  jsonOf(
    'PUT',
    at(s, '/state'),
    [{ '00081195': value('UI', transaction), '00741000': value('CS', target) }],
    TYPE
  );
export const claimed = async (s: Scene) => {
  await created(s);
  expect(await s.send(state(s, 'IN PROGRESS'))).toMatchObject({ status: 200 });
};
export const performed = {
  '00741216': value('SQ', {
    '00404028': value('SQ', { '00080104': value('LO', 'Station') }),
    '00404050': value('DT', '20240131101500'),
    '00404019': value('SQ', { '00080104': value('LO', 'Work item') }),
    '00404051': value('DT', '20240131111500'),
    '00404033': value('SQ', {
      '0040E020': value('CS', 'DICOM'),
      '00081199': value('SQ', {
        '00081150': value('UI', '1.2.3'),
        '00081155': value('UI', '1.2.3'),
      }),
    }),
  }),
};
export const cancel = (s: Scene) =>
  post(at(s, '/cancelrequest'), { '00741238': value('LT', 'Test Cancel') });
export const stateOf = async (s: Scene) =>
  (await s.send({ path: at(s) })).json<Item>()['00741000']?.Value?.[0];
export const found = (count: number) => (answer: Answer) =>
  expect(answer.json<unknown[]>()).toHaveLength(count);
