import { storeAnswerFor } from './store-answer.ts';

const UI = (value: string) => ({ vr: 'UI', Value: [value] });
const US = (value: unknown) => ({ vr: 'US', Value: [value] });
const ref = (n: number, more = {}) => ({
  '00081150': UI('1.9'),
  '00081155': UI(`1.${n}`),
  ...more,
});
const fail = (n: number, reason: unknown) => ref(n, { '00081197': US(reason) });
const already = (n: number) => ref(n, { '00081196': US(45_070) });
const sq = (...items: unknown[]) => ({ vr: 'SQ', Value: items });
const refs = (...items: unknown[]) => ({ '00081199': sq(...items) });
const fails = (...items: unknown[]) => ({ '00081198': sq(...items) });
const study = { '00081190': { vr: 'UR', Value: ['https://h/v2/studies/1'] } };

const PASS = 'pass';
const UNREADABLE = 'unreadable';
const counts = (stored: number, alreadyStored: number, failed: number) => ({
  stored,
  alreadyStored,
  failed,
});

describe('storeAnswerFor', () => {
  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, status: number, body: unknown, expected: unknown, counts: object | undefined])[] = [
    ['orthanc 2.6: first send', 200, refs(ref(1), ref(2)), PASS, counts(2, 0, 0)],
    ['orthanc 2.3: 202 with warnings (45063, 1)', 202, refs(ref(1, { '00081196': US(45_063) })), PASS, counts(1, 0, 0)],
    ['orthanc 2.3: 201', 201, refs(ref(1)), PASS, counts(1, 0, 0)],
    ['orthanc 2.3: an empty 00081198', 200, { ...refs(ref(1)), '00081198': { vr: 'SQ' } }, PASS, counts(1, 0, 0)],
    ['orthanc 2.3: refs without content', 200, refs({}, null), PASS, counts(2, 0, 0)],
    ['orthanc 2.6: resend, 3 x 45070', 409, fails(fail(1, 45_070), fail(2, 45_070), fail(3, 45_070)), refs(already(1), already(2), already(3)), counts(0, 3, 0)],
    ['orthanc 2.6: one first, then the whole study', 202, { ...study, ...refs(ref(1), ref(2)), ...fails(fail(3, 45_070)) }, { ...study, ...refs(ref(1), ref(2), already(3)) }, counts(2, 1, 0)],
    ['orthanc 2.6: the same study listed twice', 202, { ...refs(ref(1)), ...fails(fail(1, 45_070)) }, refs(ref(1), already(1)), counts(1, 1, 0)],
    ['45070 as text (PS3.18 F.2.3)', 409, fails(fail(1, '45070')), refs(already(1)), counts(0, 1, 0)],
    ['an empty 0008119A beside 45070', 409, { ...fails(fail(1, 45_070)), '0008119A': { vr: 'SQ' } }, refs(already(1)), counts(0, 1, 0)],
    ['orthanc 2.6: true failure 43264', 202, { ...refs(ref(1), ref(2)), ...fails(fail(3, 43_264)) }, PASS, counts(2, 0, 1)],
    ['a true failure beside 45070', 409, fails(fail(1, 45_070), fail(2, 272)), PASS, counts(0, 1, 1)],
    ['orthanc 2.6: 45071 is not stored', 409, fails(fail(1, 45_071)), PASS, counts(0, 0, 1)],
    ['azure-dicom-service 1.3: an item without UIDs', 409, fails(fail(1, 45_070), { '00081197': US(43_264) }), PASS, counts(0, 1, 1)],
    ['orthanc 2.6: 45070 without UID', 409, fails({ '00081197': US(45_070) }), PASS, counts(0, 0, 1)],
    ['an item that is no data set', 409, fails(fail(1, 45_070), null), PASS, counts(0, 1, 1)],
    ['OtherFailuresSequence', 202, { ...refs(ref(1)), ...fails(fail(2, 45_070)), '0008119A': sq(fail(3, 45_070)) }, PASS, counts(1, 1, 1)],
    ['200 with a true failure', 200, { ...refs(ref(1)), ...fails(fail(2, 272)) }, PASS, counts(1, 0, 1)],
    ['orthanc 2.3: 409 without any failure', 409, refs(ref(1)), PASS, counts(1, 0, 0)],
    ['409 without anything', 409, {}, PASS, counts(0, 0, 0)],
    ['409 as text', 409, 'Conflict', PASS, undefined],
    ['409: FailedSOPSequence that is none', 409, { '00081198': { vr: 'SQ', Value: {} } }, PASS, undefined],
    ['orthanc 2.3: in an array', 200, [refs(ref(1))], refs(ref(1)), counts(1, 0, 0)],
    ['orthanc 2.3: in an array, 45070', 409, [fails(fail(1, 45_070))], refs(already(1)), counts(0, 1, 0)],
    ['two data sets', 200, [refs(ref(1)), refs(ref(2))], UNREADABLE, undefined],
    ['azure-dicom-service 1.2: 204', 204, '', UNREADABLE, undefined],
    ['orthanc 2.3: empty', 200, '', UNREADABLE, undefined],
    ['orthanc 2.3: {}', 200, {}, UNREADABLE, undefined],
    ['no item at all', 200, refs(), UNREADABLE, undefined],
    ['a gateway page', 200, '<html>', UNREADABLE, undefined],
    ['null', 200, 'null', UNREADABLE, undefined],
    ['cut', 200, '{"00081199":{"vr":"SQ","Va', UNREADABLE, undefined],
    ['FailedSOPSequence that is none', 200, { ...refs(ref(1)), '00081198': { vr: 'SQ', Value: 'x' } }, UNREADABLE, undefined],
    ['ReferencedSOPSequence that is none', 200, { '00081199': 1 }, UNREADABLE, undefined],
    ['__proto__ as an attribute', 200, '{"__proto__":{"00081199":{"Value":[{}]}}}', UNREADABLE, undefined],
    ['another status is not looked into', 503, refs(ref(1)), PASS, undefined],
    ['400', 400, fails(fail(1, 45_070)), PASS, undefined],
  ];
  it.each(ROWS)('%s (%i)', (_cite, status, body, expected, expectedCounts) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = storeAnswerFor(status, Buffer.from(text));
    if (expected === PASS) {
      expect(answer).toEqual({ kind: 'pass', counts: expectedCounts });
    } else if (expected === UNREADABLE) {
      expect(answer).toEqual({ kind: 'unreadable' });
    } else {
      expect(answer).toMatchObject({ kind: 'rewritten', status: 200, counts: expectedCounts });
      expect(answer.kind === 'rewritten' && JSON.parse(answer.body)).toEqual(expected);
    }
  });

  it('keeps the status of an answer that is only taken out of its array', () => {
    expect(storeAnswerFor(202, Buffer.from(JSON.stringify([refs(ref(1))])))).toMatchObject({
      kind: 'rewritten',
      status: 202,
    });
  });

  it('takes a byte order mark, and no other encoding than UTF-8', () => {
    const text = JSON.stringify(refs(ref(1)));
    expect(storeAnswerFor(200, Buffer.from(`\uFEFF${text}`))).toMatchObject({ kind: 'pass' });
    expect(storeAnswerFor(200, Buffer.from([0xff, ...Buffer.from(text)]))).toEqual({
      kind: 'unreadable',
    });
  });
});
