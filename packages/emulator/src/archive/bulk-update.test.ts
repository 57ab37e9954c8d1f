/** A study of which an instance cannot be changed stays as it is. */
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../storage/durable-files.ts';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import { endTestServices, startTestService } from '../testing/test-service.ts';

afterAll(endTestServices);

const made = (study: string, number: number) =>
  buildPart10(
    instanceElements({
      '0020000D': ['UI', study],
      '0020000E': ['UI', `${study}.1`],
      '00080018': ['UI', `${study}.2.${number}`],
    })
  );

it.each([
  ['one instance', 1],
  ['more than are named', 6],
])('%s cannot be changed (source UpdateDurableFunction.HandleException)', async (_, broken) => {
  const service = await startTestService();
  for (const study of ['1.1', '1.2']) {
    await service.store(Array.from({ length: 7 }, (_, number) => made(study, number)));
  }
  const files = await filesBelow(join(service.dataDir, '1.1'));
  for (const file of files.slice(0, broken)) await truncate(file, 200);

  const started = await service.send('/v2/studies/$bulkUpdate', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      studyInstanceUids: ['1.1', '1.2'],
      changeDataset: { '00100020': { vr: 'LO', Value: ['NEW'] } },
    }),
  });
  const { pathname } = new URL(started.json<{ href: string }>().href);
  let state = await service.send(pathname);
  while (state.status === 202) state = await service.send(pathname);

  const { status, results } = state.json<{ status: string; results: Record<string, unknown> }>();
  expect(status).toBe('failed');
  const { errors, ...counts } = results as { errors: string[] };
  expect(counts).toEqual({
    studyProcessed: 2,
    studyUpdated: 1,
    studyFailed: 1,
    instanceUpdated: 7,
  });
  expect(errors.slice(0, 2)).toEqual([
    'Failed to update instances for study 1.1',
    'Failed to update instance. PartitionKey: Microsoft.Default, StudyInstanceUID: 1.1, SeriesInstanceUID: 1.1.1, SOPInstanceUID: 1.1.2.0',
  ]);
  expect(errors).toHaveLength(broken > 5 ? 7 : 2);
  if (broken > 5) expect(errors[6]).toMatch(/^There are more instances failed/);

  const found = await service.send('/v2/studies?includefield=PatientID');
  const ids = found.json().map(one => [one['0020000D']?.Value?.[0], one['00100020']?.Value?.[0]]);
  expect(ids.sort()).toEqual([
    ['1.1', 'PID-1'],
    ['1.2', 'NEW'],
  ]);
  expect(await filesBelow(join(service.dataDir, '1.1'))).toEqual(files);
  await service.end();
});
