import type { JsonDataSet } from '../part10/dicom-json.ts';
import { buildPart10, instanceElements, newUid } from '../testing/part10-builder.ts';
import { splitMultipart, startTestService } from '../testing/test-service.ts';
import type { TestService } from '../testing/test-service.ts';

let service: TestService;
beforeEach(async () => {
  service = await startTestService();
});
afterEach(() => service.end());

const items = (dataSet: JsonDataSet, tag: string) => (dataSet[tag]?.Value ?? []) as JsonDataSet[];
const uidsOf = (dataSet: JsonDataSet, tag: string) =>
  items(dataSet, tag).map(item => item['00081155']?.Value?.[0]);
const study = newUid();
const instance = (sopInstanceUID: string, fill: number, bytes = 100_000) =>
  buildPart10(
    instanceElements({
      '00080018': ['UI', sopInstanceUID],
      '0020000D': ['UI', study],
      '0020000E': ['UI', `${study}.1`],
      '7FE00010': ['OW', new Uint8Array(bytes).fill(fill)],
    })
  );

it('outcomes come in the order of the parts, of which some wait for others', async () => {
  const uids = Array.from({ length: 50 }, () => newUid());
  const parts = uids.map((uid, at) => instance(uid, at));
  const answer = await service.store([...parts, Buffer.from('no Part 10 file'), ...parts]);
  expect(answer.status).toBe(202);
  const dataSet = answer.json<JsonDataSet>();
  expect(uidsOf(dataSet, '00081199')).toEqual(uids);
  expect(uidsOf(dataSet, '00081198')).toEqual([undefined, ...uids]);
  const reasons = items(dataSet, '00081198').map(item => item['00081197']?.Value?.[0]);
  // Not 45071: the instance is there when its second part has its turn. [reference 1.5]
  expect(reasons).toEqual([43_264, ...uids.map(() => 45_070)]);
});

it('of the same instance twice the first one is kept', async () => {
  const uid = newUid();
  const first = instance(uid, 1);
  expect((await service.store([first, instance(uid, 2)])).status).toBe(202);
  const answer = await service.send(`/v2/studies/${study}`, {
    headers: { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
  });
  expect(splitMultipart(answer).map(part => part.content.equals(first))).toEqual([true]);
});

it('instances which come in at the same time, and after others, keep their own bytes', async () => {
  for (let round = 0; round < 3; round += 1) {
    const sizes = [10, 60_000, 200_000, 300_000, 1_500_000];
    const stored = sizes.flatMap((bytes, at) =>
      Array.from({ length: 4 }, (_, copy) => {
        const uid = newUid();
        return { uid, bytes: instance(uid, round * 50 + at * 4 + copy, bytes) };
      })
    );
    const answers = await Promise.all(stored.map(one => service.store([one.bytes])));
    expect(answers.every(answer => answer.status === 200)).toBe(true);
    for (const { uid, bytes } of stored) {
      const path = `/v2/studies/${study}/series/${study}.1/instances/${uid}`;
      const answer = await service.send(path, {
        headers: { accept: 'application/dicom; transfer-syntax=*' },
      });
      expect(answer.body.equals(bytes)).toBe(true);
    }
  }
});
