import { readStoreAnswer, storeAnswerFor } from './store-answer.ts';

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
  different: 0,
  notCompared: 0,
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
  /** What one request that had as many instances as the counts say was answered. */
  const answerTo = (status: number, text: string | Uint8Array, sent?: number) => {
    const body = Buffer.from(text);
    const says = status < 300 || status === 409 ? readStoreAnswer(status, body) : undefined;
    if (!says) return undefined;
    const named =
      says.referenced.length + says.already.length + says.failed.length + says.others.length;
    return storeAnswerFor([{ says, headers: {}, body, sent: sent ?? named, doubtful: new Map() }]);
  };

  it.each(ROWS)('%s (%i)', (_cite, status, body, expected, expectedCounts) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = answerTo(status, text);
    if (expected === UNREADABLE || expectedCounts === undefined) {
      expect(answer).toBeUndefined();
    } else if (expected === PASS) {
      const isSuccess = status < 300 && !/"failed":[1-9]/.test(JSON.stringify(expectedCounts));
      expect(answer).toMatchObject({ isRewritten: false, isSuccess, counts: expectedCounts });
      expect(String(Buffer.from(answer?.body ?? ''))).toBe(text);
      expect(answer?.status).toBe(status < 300 && !isSuccess ? 202 : status);
    } else {
      expect(answer).toMatchObject({ isRewritten: true, isSuccess: true, counts: expectedCounts });
      expect(JSON.parse(String(answer?.body))).toEqual(expected);
    }
  });

  // prettier-ignore
  const SHORT: readonly (readonly [cite: string, status: number, body: object, sent: number, expected: number])[] = [
    ['orthanc 2.3: one ref missing', 200, refs(ref(1)), 2, 202],
    ['orthanc 2.3: one too many', 200, refs(ref(1), ref(2)), 1, 202],
    ['orthanc 2.3: n-1 refs + 1 x 45070 of n+1', 202, { ...refs(ref(1)), ...fails(fail(2, 45_070)) }, 3, 202],
    ['all already, one not named', 409, fails(fail(1, 45_070)), 2, 409],
  ];
  it.each(SHORT)('counts what was sent: %s', (_cite, status, body, sent, expected) => {
    expect(answerTo(status, JSON.stringify(body), sent)).toMatchObject({
      status: expected,
      isSuccess: false,
    });
  });

  it('keeps the status of an answer that is only taken out of its array', () => {
    expect(answerTo(202, JSON.stringify([refs(ref(1))]))).toMatchObject({
      isRewritten: true,
      status: 202,
    });
  });

  it('takes a byte order mark, and no other encoding than UTF-8', () => {
    const text = JSON.stringify(refs(ref(1)));
    expect(answerTo(200, `\uFEFF${text}`)).toMatchObject({ isRewritten: false });
    expect(answerTo(200, Buffer.from([0xff, ...Buffer.from(text)]))).toBeUndefined();
  });

  const several = (...all: (readonly [status: number, body: object, sent: number])[]) =>
    storeAnswerFor(
      all.map(([status, body, sent]) => {
        const bytes = Buffer.from(JSON.stringify(body));
        const says = readStoreAnswer(status, bytes)!;
        return { says, headers: {}, body: bytes, sent, doubtful: new Map<never, never>() };
      })
    );

  it('makes one answer of several', () => {
    const answer = several([200, refs(ref(1)), 1], [202, refs(ref(2, { '00081196': US(1) })), 1]);
    expect(answer).toMatchObject({ status: 202, isSuccess: true, counts: counts(2, 0, 0) });
    expect(JSON.parse(String(answer?.body))).toEqual(refs(ref(1), ref(2, { '00081196': US(1) })));
  });

  it('makes a success of several with duplicates', () => {
    const answer = several([200, refs(ref(1)), 1], [409, fails(fail(2, 45_070)), 1]);
    expect(answer).toMatchObject({ status: 200, isSuccess: true, counts: counts(1, 1, 0) });
    expect(JSON.parse(String(answer?.body))).toEqual(refs(ref(1), already(2)));
  });

  it('makes a failure of several of which one failed', () => {
    const answer = several(
      [409, fails(fail(1, 45_070)), 1],
      [202, { ...refs(ref(2)), ...fails(fail(3, 272)) }, 2]
    );
    expect(answer).toMatchObject({
      status: 202,
      isSuccess: false,
      counts: counts(1, 1, 1),
      failedInstances: [{ sopInstanceUID: '1.3', failureReason: 272 }],
    });
    expect(JSON.parse(String(answer?.body))).toEqual({
      ...refs(ref(2)),
      ...fails(fail(1, 45_070), fail(3, 272)),
    });
  });

  it.each(['different', 'notCompared'] as const)(
    'takes a duplicate that is %s for a failure',
    doubt => {
      const body = Buffer.from(JSON.stringify(fails(fail(1, 45_070), fail(2, 45_070))));
      const says = readStoreAnswer(409, body)!;
      const doubtful = new Map(says.already.slice(0, 1).map(item => [item, doubt]));
      expect(storeAnswerFor([{ says, headers: {}, body, sent: 2, doubtful }])).toMatchObject({
        status: 409,
        isSuccess: false,
        counts: { ...counts(0, 1, 0), [doubt]: 1 },
        failedInstances: [{ sopInstanceUID: '1.1', failureReason: 45_070, duplicate: doubt }],
      });
    }
  );
});
