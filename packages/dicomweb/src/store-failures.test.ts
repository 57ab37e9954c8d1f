import { createDicomwebClient } from './client.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { srInstance } from '../testing/part10-builder.ts';
import { startPeer } from '../testing/scripted-peer.ts';
import type { Peer } from '../testing/scripted-peer.ts';
import { absent, AZURE, failed, text } from '../testing/store-steps.ts';
import type { StoreRow } from '../testing/store-steps.ts';

let peer: Peer;
beforeEach(async () => {
  peer = await startPeer();
});
afterEach(async () => {
  await peer.close();
});

const client = () =>
  createDicomwebClient({
    serviceUrl: peer.url,
    dialect: 'azure',
    clock: fakeClock(),
    random: () => 0.5,
  });

const ERRORS: readonly StoreRow[] = [
  {
    cite: `${AZURE} 400`,
    answers: [text(400, 'The start parameter in multipart/related request is not supported.')],
    error: {
      code: 'ERR_STORE_REFUSED',
      httpStatus: 400,
      retry: 'permanent',
      serverText: 'The start parameter in multipart/related request is not supported.',
    },
  },
  {
    cite: `${AZURE} 401 without authorization source`,
    answers: [{ status: 401 }],
    error: { code: 'ERR_STORE_UNAUTHORIZED', httpStatus: 401, retry: 'permanent' },
  },
  {
    cite: `${AZURE} 403`,
    answers: [text(403, 'Authorization failed.')],
    error: { code: 'ERR_STORE_FORBIDDEN', httpStatus: 403, serverText: 'Authorization failed.' },
  },
  {
    cite: 'a share link: 403, empty body',
    answers: [{ status: 403 }],
    error: { code: 'ERR_STORE_FORBIDDEN', serverText: undefined },
  },
  {
    cite: '404, wrong address',
    answers: [{ status: 404 }],
    error: { code: 'ERR_STORE_REFUSED', httpStatus: 404 },
  },
  {
    cite: `${AZURE} 406`,
    answers: [{ status: 406 }],
    error: { code: 'ERR_STORE_REFUSED', httpStatus: 406 },
  },
  {
    cite: `${AZURE} 413`,
    answers: [text(413, 'The request exceeded the allowed limit of 2147483647 bytes.')],
    error: { code: 'ERR_STORE_REFUSED', httpStatus: 413, retry: 'permanent' },
  },
  {
    cite: `${AZURE} 415`,
    answers: [text(415, "The specified content type 'application/dicom; a=b' is not supported.")],
    error: {
      code: 'ERR_STORE_REFUSED',
      httpStatus: 415,
      serverText: "The specified content type 'application/dicom; a=b' is not supported.",
    },
  },
  {
    cite: `${AZURE} 424`,
    answers: [text(424, 'x')],
    error: { code: 'ERR_STORE_REFUSED', httpStatus: 424 },
  },
  {
    cite: '307 is not followed',
    answers: [{ status: 307, headers: { Location: '/v2/other' } }],
    error: { code: 'ERR_STORE_REFUSED', httpStatus: 307 },
  },
  {
    cite: 'RFC 9110 15.6.2: 501',
    answers: [{ status: 501 }],
    error: { code: 'ERR_STORE_REFUSED', httpStatus: 501 },
  },
  {
    cite: `${AZURE} 500, not stored`,
    answers: [text(500, 'The server encountered an internal error.')],
    settled: [absent, absent],
    error: { code: 'ERR_STORE_REFUSED', httpStatus: 500, retry: 'transient' },
  },
  {
    cite: 'RFC 9110 15.6.5: 504, cannot be asked',
    answers: [{ status: 504 }],
    settled: [{ status: 403 }],
    error: { code: 'ERR_STORE_OUTCOME_UNKNOWN', httpStatus: 504, retry: 'ambiguous' },
  },
  {
    cite: `${AZURE} 503 for good`,
    answers: Array.from({ length: 6 }, () => text(503, 'Busy.')),
    error: {
      code: 'ERR_STORE_THROTTLED',
      httpStatus: 503,
      retry: 'transient',
      serverText: 'Busy.',
    },
  },
  {
    cite: 'RFC 9110 10.2.3: 429 with a Retry-After beyond our patience',
    answers: [{ status: 429, headers: { 'Retry-After': '61' } }],
    error: { code: 'ERR_STORE_THROTTLED', httpStatus: 429, retryAfterMs: 61_000 },
  },
  {
    cite: `${AZURE} 409, 45070, cannot be asked`,
    answers: [failed(409, 45070)],
    settled: [{ status: 403 }],
    error: { code: 'ERR_STORE_OUTCOME_UNKNOWN', httpStatus: 409, retry: 'ambiguous' },
  },
  {
    cite: '200 not JSON, asked, and a captive page answers',
    answers: [text(200, 'hello')],
    settled: [text(200, '<html>sign in</html>')],
    error: { code: 'ERR_STORE_OUTCOME_UNKNOWN', httpStatus: 200 },
  },
  {
    cite: 'line dropped before the body, not stored',
    answers: [{ drop: 'before' }],
    settled: [absent, absent],
    error: { code: 'ERR_STORE_UNREACHABLE', retry: 'transient', httpStatus: undefined },
  },
  {
    cite: 'line dropped in the body, not stored',
    answers: [{ drop: { afterBytes: 10 } }],
    settled: [absent, absent],
    error: { code: 'ERR_STORE_UNREACHABLE', retry: 'transient' },
  },
  {
    cite: 'line dropped after the body, not stored',
    answers: [{ drop: 'after' }],
    settled: [absent, absent],
    error: { code: 'ERR_STORE_UNREACHABLE', retry: 'transient' },
  },
  {
    cite: 'line dropped after the body, server gone',
    answers: [{ drop: 'after' }],
    settled: [{ drop: 'before' }, { drop: 'before' }, { drop: 'before' }],
    error: { code: 'ERR_STORE_OUTCOME_UNKNOWN', retry: 'ambiguous', httpStatus: undefined },
  },
  {
    cite: 'line dropped after the body, absent once, then server gone',
    answers: [{ drop: 'after' }],
    settled: [absent, { drop: 'before' }, { drop: 'before' }, { drop: 'before' }],
    error: { code: 'ERR_STORE_OUTCOME_UNKNOWN', retry: 'ambiguous' },
  },
  {
    cite: 'line dropped in the answer, server gone',
    answers: [{ status: 200, cutBody: '{"00081199":' }],
    settled: [{ drop: 'before' }, { drop: 'before' }, { drop: 'before' }],
    error: { code: 'ERR_STORE_OUTCOME_UNKNOWN', httpStatus: 200 },
  },
];

describe('a failure of the whole transaction', () => {
  it('has a source for every row', () => {
    expect(ERRORS.length).toBeGreaterThan(20);
    for (const { cite } of ERRORS) expect(cite).not.toBe('');
    expect(new Set(ERRORS.map(({ cite }) => cite)).size).toBe(ERRORS.length);
  });

  it.each(ERRORS)('$cite: $error.code', async ({ answers, settled = [], error }) => {
    peer.script('POST', ...answers);
    peer.script('GET', ...settled);
    const caught = await client()
      .store([{ bytes: srInstance() }])
      .catch((reason: unknown) => reason);
    expect(caught).toMatchObject(error ?? {});
    expect(peer.unexpected).toEqual([]);
    expect(peer.left()).toBe(0);
  });
});
