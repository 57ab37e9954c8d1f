/**
 * The rows of the conformance tables which are the plain standard, against a real Orthanc: they prove
 * the rows, not the emulator.
 */
import { send, multipart } from '../conformance/support/http.ts';
import { sceneOf, STORE_HEADERS } from '../conformance/support/row.ts';
import type { Row } from '../conformance/support/row.ts';
import { TABLES } from '../conformance/tables/all.ts';
import { startOrthanc } from '../support/orthanc.ts';
import type { Orthanc } from '../support/orthanc.ts';

const ROWS = TABLES.flatMap(({ rows }) => rows.filter(row => row.standard)).map(
  row => [row.title, row] as [string, Row]
);

let orthanc: Orthanc;
beforeAll(async () => {
  orthanc = await startOrthanc();
}, 60_000);
afterAll(() => orthanc.close());

it('there are rows to prove', () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(9);
});

it.each(ROWS)('%s', async (_, row) => {
  const { origin, pathname } = new URL(orthanc.dicomwebUrl);
  const root = pathname.replace(/\/$/, '');
  const scene = sceneOf(origin, root);
  // Orthanc answers a Store request with other sequences beside these: the scene only needs it done.
  scene.stored = async (...files) => {
    const answer = await send(origin, {
      method: 'POST',
      path: `${root}/studies`,
      headers: { ...STORE_HEADERS, accept: 'application/dicom+json' },
      body: multipart(files),
    });
    expect(answer.status).toBe(200);
  };
  await row.before?.(scene);
  const sent = await row.request(scene);
  const accept = 'application/dicom+json';
  const answer = await send(origin, { ...sent, headers: { accept, ...sent.headers } });
  expect(answer.status).toBe(row.status);
  await row.then?.(answer, scene);
});
