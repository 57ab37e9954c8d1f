/** A marker access token, a marker patient and marker values go through every failure; none may come out in an error or a log line. */
import { inspect } from 'node:util';
import { createDicomwebClient } from './client.ts';
import { fetchTransport } from './fetch-transport.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { srInstance } from '../testing/part10-builder.ts';
import { startPeer } from '../testing/scripted-peer.ts';
import type { Step } from '../testing/scripted-peer.ts';
import { storeResponse } from '../testing/store-responses.ts';

const MARKER = 'MARKER';
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJ${MARKER}.${MARKER}`;
const ECHO = `Content "${MARKER}" refused, value '${MARKER}', Authorization: Bearer ${JWT}, /studies?PatientName=${MARKER}&token=${MARKER}`;

const STEPS: readonly Step[] = [
  ...[400, 401, 403, 404, 406, 409, 413, 415, 424, 429, 500, 503].map(status => ({
    status,
    body: ECHO,
  })),
  { status: 200, body: ECHO },
  { status: 204 },
  { status: 409, body: storeResponse([], [{ failureReason: 43264, comments: [ECHO] }]) },
  { status: 302, headers: { Location: `/x?token=${MARKER}` } },
  { status: 200, cutBody: ECHO },
  { drop: 'before' },
  { drop: { afterBytes: 3 } },
  { drop: 'after' },
];

/** Everything that a careless log could print, non-enumerable properties and causes included. */
const printed = (value: unknown): string =>
  `${inspect(value, { depth: 20, showHidden: true })} ${String(value)} ${JSON.stringify(value)}`;

it.each(STEPS)('nothing leaks: %j', async step => {
  await using peer = await startPeer();
  for (const method of ['POST', 'GET', 'DELETE']) {
    peer.script(method, ...Array.from({ length: 20 }, () => step));
  }
  const client = createDicomwebClient({
    serviceUrl: peer.url,
    authorization: () => Promise.resolve(`Bearer ${JWT}`),
    transport: fetchTransport(),
    clock: fakeClock(),
  });
  const uids = {
    studyInstanceUID: '2.25.1',
    seriesInstanceUID: '2.25.2',
    sopInstanceUID: '2.25.3',
  };
  const filters = { PatientName: MARKER, PatientID: MARKER };
  const results = await Promise.allSettled([
    client.store([{ bytes: srInstance('2.25.300', MARKER) }]),
    client.searchForStudies({ filters }),
    createDicomwebClient({ serviceUrl: peer.url, dialect: 'azure' }).searchForStudies({
      filters: { PatientName: `${MARKER}*${MARKER}` },
    }),
    client.retrieveInstance(uids),
    client.retrieveInstanceMetadata(uids),
    client.deleteStudy(uids),
  ]);
  expect(results.some(({ status }) => status === 'rejected')).toBe(true);
  for (const result of results) {
    const text = printed(result.status === 'rejected' ? result.reason : result.value);
    expect(text).not.toContain(MARKER);
    expect(text).not.toContain('eyJ');
  }
});
