import type { Answer, Sent } from '../support/http.ts';

/** A data set of the DICOM JSON model. */
export type Item = Record<string, { vr: string; Value?: unknown[] }>;

/** The items of a sequence of an answer. */
export const items = (answer: Answer, tag: string) =>
  (answer.json<Item>()[tag]?.Value ?? []) as Item[];

/** All failed, with these reasons. */
export const reason = (code: number) => (answer: Answer) => {
  expect(Object.keys(answer.json<Item>())).toEqual(['00081198']);
  expect(items(answer, '00081198').map(item => item['00081197']?.Value?.[0])).toEqual([code]);
};

/** Refused by the validation, with this comment first. */
export const failure = (comment: string) => (answer: Answer) => {
  reason(43264)(answer);
  const comments = items(answer, '00081198')[0]?.['00741048']?.Value as Item[];
  expect(comments[0]?.['00000902']).toEqual({ vr: 'LO', Value: [comment] });
};

/** Stored with a warning, and this comment first. */
export const warned = (code: number, comment?: string) => (answer: Answer) => {
  const [item] = items(answer, '00081199');
  expect(item?.['00081196']).toEqual({ vr: 'US', Value: [code] });
  const comments = (item?.['00741048']?.Value ?? []) as Item[];
  expect(comments[0]?.['00000902']?.Value?.[0]).toBe(comment);
};

/** A request with exactly this body. */
export const raw = (
  path: string,
  headers: Record<string, string | undefined>,
  body: Uint8Array | string
): Sent => ({ method: 'POST', path, headers, body });
