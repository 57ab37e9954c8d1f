import { createDicomwebClient } from './client.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { srInstance } from '../testing/part10-builder.ts';
import { startPeer } from '../testing/scripted-peer.ts';
import type { Peer } from '../testing/scripted-peer.ts';
import { storeResponse } from '../testing/store-responses.ts';
import {
  absent,
  AZURE,
  failed,
  failedWithoutUIDs,
  json,
  ok,
  otherClass,
  present,
  text,
} from '../testing/store-steps.ts';
import type { StoreRow } from '../testing/store-steps.ts';

const METADATA_PATH = '/v2/studies/2.25.100/series/2.25.200/instances/2.25.300/metadata';

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

const OUTCOMES: readonly StoreRow[] = [
  { cite: `${AZURE} 200`, answers: [ok], outcome: { outcome: 'stored' } },
  {
    cite: `${AZURE} 202, WarningReason 45063 (Implicit VR)`,
    answers: [json(202, storeResponse([{ uid: '2.25.300', warningReason: 45063, comments: [] }]))],
    outcome: { outcome: 'storedWithWarnings', warningReason: 45063 },
  },
  {
    cite: `${AZURE} 202, WarningReason 1 with comment`,
    answers: [
      json(
        202,
        storeResponse([
          {
            uid: '2.25.300',
            warningReason: 1,
            comments: ["DICOM100: (0010,0020) - The required tag '(0010,0020)' is missing."],
          },
        ])
      ),
    ],
    outcome: {
      outcome: 'storedWithWarnings',
      warningReason: 1,
      comments: ["DICOM100: (0010,0020) - The required tag '(0010,0020)' is missing."],
    },
  },
  {
    cite: 'Azure v1 Store 200, WarningReason 45063',
    answers: [json(200, storeResponse([{ uid: '2.25.300', warningReason: 45063 }]))],
    outcome: { outcome: 'storedWithWarnings', warningReason: 45063 },
  },
  {
    cite: 'PS3.18 10.5.3: 202 with the only instance failed',
    answers: [failed(202, 272)],
    outcome: { outcome: 'rejected', failureReason: 272 },
  },
  {
    cite: 'PS3.18 10.5.3: 200 that claims success and lists a failure',
    answers: [failed(200, 43264)],
    outcome: { outcome: 'rejected', failureReason: 43264 },
  },
  {
    cite: `${AZURE} 204`,
    answers: [{ status: 204 }],
    outcome: { outcome: 'rejected', failureReason: undefined },
  },
  {
    cite: `${AZURE} 409, 272`,
    answers: [failed(409, 272)],
    outcome: { outcome: 'rejected', failureReason: 272 },
  },
  {
    cite: `${AZURE} 409, 43264`,
    answers: [failed(409, 43264)],
    outcome: { outcome: 'rejected', failureReason: 43264 },
  },
  {
    cite: `${AZURE} 409, 43265`,
    answers: [failed(409, 43265)],
    outcome: { outcome: 'rejected', failureReason: 43265 },
  },
  {
    cite: `${AZURE} 409, unparseable part: only 00081197`,
    answers: [failedWithoutUIDs(409, 43264)],
    outcome: { outcome: 'rejected', failureReason: 43264, sopInstanceUID: '2.25.300' },
  },
  {
    cite: `${AZURE} 202, an item without UIDs`,
    answers: [failedWithoutUIDs(202, 272)],
    outcome: { outcome: 'rejected', failureReason: 272 },
  },
  {
    cite: `${AZURE} 409, 45070, ours`,
    answers: [failed(409, 45070)],
    settled: [present],
    outcome: { outcome: 'alreadyStored', failureReason: 45070, settled: true },
  },
  {
    cite: `${AZURE} 409, 45070, another SOP Class under the UID`,
    answers: [failed(409, 45070)],
    settled: [otherClass],
    outcome: { outcome: 'rejected', failureReason: 45070, settled: true },
  },
  {
    cite: `${AZURE} 409, 45070, not in this series`,
    answers: [failed(409, 45070)],
    settled: [absent],
    outcome: { outcome: 'rejected', failureReason: 45070, settled: true },
  },
  {
    cite: `${AZURE} 409, 45070 without UIDs, ours`,
    answers: [failedWithoutUIDs(409, 45070)],
    settled: [present],
    outcome: { outcome: 'alreadyStored', settled: true },
  },
  {
    cite: `${AZURE} 409, 45071, created meanwhile`,
    answers: [failed(409, 45071)],
    settled: [absent, absent, present],
    outcome: { outcome: 'alreadyStored', failureReason: 45071, settled: true },
  },
  {
    cite: `${AZURE} 409, 45071, still not there`,
    answers: [failed(409, 45071)],
    settled: [absent, absent, absent, absent],
    outcome: { outcome: 'rejected', failureReason: 45071, settled: true },
  },
  {
    cite: 'PS3.18 F.2.3.1: a number as text',
    answers: [failed(409, '45070')],
    settled: [present],
    outcome: { outcome: 'alreadyStored', failureReason: 45070, settled: true },
  },
  {
    cite: 'PS3.18 10.5.3: an array with one data set',
    answers: [json(200, `[${storeResponse([{ uid: '2.25.300' }])}]`)],
    outcome: { outcome: 'stored' },
  },
  {
    cite: 'PS3.18 10.5.3: OtherFailuresSequence',
    answers: [
      json(409, '{"0008119A":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[272]}}]}}'),
    ],
    outcome: { outcome: 'rejected', failureReason: 272 },
  },
  {
    cite: 'PS3.5 9.1: padding of the UID in the answer',
    answers: [json(200, storeResponse([{ uid: '2.25.300\0' }]))],
    outcome: { outcome: 'stored' },
  },
  {
    cite: '200, another UID in the answer',
    answers: [json(200, storeResponse([{ uid: '2.25.999' }]))],
    settled: [absent],
    outcome: { outcome: 'rejected', settled: true },
  },
  {
    cite: '200, stored and failed at once',
    answers: [
      json(200, storeResponse([{ uid: '2.25.300' }], [{ uid: '2.25.300', failureReason: 272 }])),
    ],
    settled: [present],
    outcome: { outcome: 'stored', settled: true },
  },
  {
    cite: '200, not JSON, stored',
    answers: [text(200, '<html>welcome</html>')],
    settled: [present],
    outcome: { outcome: 'stored', settled: true },
  },
  {
    cite: '200, empty body, not stored',
    answers: [{ status: 200 }],
    settled: [absent],
    outcome: { outcome: 'rejected', settled: true },
  },
  {
    cite: '200, JSON cut by a proxy that ends the body properly',
    answers: [json(200, ok && storeResponse([{ uid: '2.25.300' }]).slice(0, 60))],
    settled: [present],
    outcome: { outcome: 'stored', settled: true },
  },
  {
    cite: '409, text in place of JSON',
    answers: [text(409, 'Conflict.')],
    settled: [absent],
    outcome: { outcome: 'rejected', comments: ['Conflict.'], settled: true },
  },
  {
    cite: 'hostile: __proto__ in place of the sequences',
    answers: [
      json(
        200,
        '{"__proto__":{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["2.25.300"]}}]}}}'
      ),
    ],
    settled: [absent],
    outcome: { outcome: 'rejected', settled: true },
  },
  {
    cite: 'hostile: Value is not an array, items are not data sets',
    answers: [
      json(200, '{"00081199":{"vr":"SQ","Value":{"0":1}},"00081198":{"Value":[null,7,"x",[]]}}'),
    ],
    settled: [absent],
    outcome: { outcome: 'rejected', settled: true },
  },
  {
    cite: 'hostile: FailureReason out of range',
    answers: [failed(409, 1e300)],
    outcome: { outcome: 'rejected', failureReason: undefined },
  },
  {
    cite: `${AZURE} 500, stored all the same`,
    answers: [text(500, 'The server encountered an internal error.')],
    settled: [present],
    outcome: { outcome: 'stored', settled: true },
  },
  {
    cite: 'line dropped after the body, stored',
    answers: [{ drop: 'after' }],
    settled: [present],
    outcome: { outcome: 'stored', settled: true },
  },
  {
    cite: 'line dropped after the body, stored a moment later',
    answers: [{ drop: 'after' }],
    settled: [absent, present],
    outcome: { outcome: 'stored', settled: true },
  },
  {
    cite: 'line dropped after the body, another object is there',
    answers: [{ drop: 'after' }],
    settled: [otherClass],
    outcome: { outcome: 'rejected', settled: true },
  },
  {
    cite: 'line dropped after the body, line lost once more while asking',
    answers: [{ drop: 'after' }],
    settled: [{ drop: 'before' }, present],
    outcome: { outcome: 'stored', settled: true },
  },
  {
    cite: 'line dropped in the answer',
    answers: [{ status: 200, cutBody: '{"00081199":' }],
    settled: [present],
    outcome: { outcome: 'stored', settled: true },
  },
  {
    cite: `${AZURE} 503, then 200`,
    answers: [text(503, 'Busy.'), ok],
    outcome: { outcome: 'stored' },
  },
  {
    cite: `${AZURE} 503 that had stored it, then 45070`,
    answers: [text(503, 'Busy.'), failed(409, 45070)],
    settled: [present],
    outcome: { outcome: 'alreadyStored', settled: true },
  },
  {
    cite: 'RFC 9110 10.2.3: 429 with Retry-After, then 200',
    answers: [{ status: 429, headers: { 'Retry-After': '7' } }, ok],
    outcome: { outcome: 'stored' },
  },
];

describe('an outcome', () => {
  it('has a source for every row', () => {
    expect(OUTCOMES.length).toBeGreaterThan(35);
    for (const { cite } of OUTCOMES) expect(cite).not.toBe('');
    expect(new Set(OUTCOMES.map(({ cite }) => cite)).size).toBe(OUTCOMES.length);
  });

  it.each(OUTCOMES)('$cite', async ({ answers, settled = [], outcome }) => {
    peer.script('POST', ...answers);
    peer.script('GET', ...settled);
    const result = await client().store([{ bytes: srInstance() }]);
    expect(result.instances).toHaveLength(1);
    expect({ failureReason: undefined, ...result.instances[0] }).toMatchObject(outcome ?? {});
    expect(result.instances[0]?.settled).toBe(outcome?.settled);
    const isPlain = result.instances[0]?.outcome === 'stored';
    expect(result.instances[0]?.reason === undefined).toBe(isPlain);
    expect(peer.unexpected).toEqual([]);
    expect(peer.left()).toBe(0);
    for (const { method, path } of peer.requests) {
      expect(path).toBe(method === 'POST' ? '/v2/studies' : METADATA_PATH);
    }
  });
});
