import { jest } from '@jest/globals';
import { dataSetOf, dicomFiles, type DicomFiles } from '../support/dicom-sender.ts';
import { RouterScene, until } from '../support/router-scene.ts';
import { syntheticInstance, uidsOf } from '../support/synthetic-study.js';

// Several programs start and stop on a machine that may be busy.
jest.setTimeout(60_000);

interface Row {
  readonly [tag: string]: { readonly Value?: readonly unknown[] } | undefined;
}
const first = (row: Row, tag: string): unknown => row[tag]?.Value?.[0];
const STUDY_UID = '0020000D';
const PATIENT_ID = '00100020';

describe('only de-identified copies leave', () => {
  let files: DicomFiles;
  let scene: RouterScene;

  beforeAll(async () => {
    files = await dicomFiles();
    scene = await RouterScene.start({
      routing: {
        rules: [{ name: 'research', when: { modality: 'CT' }, deidentify: 'basic' }],
        otherwise: { action: 'skip' },
        profiles: { basic: { keep: ['StudyDescription'], replace: { PatientSex: 'O' } } },
        reconcileSeconds: 5,
      },
    });
  });
  afterAll(async () => {
    await scene.close();
    await files.close();
  });

  const ct = (study: number, instances: readonly number[]) =>
    Promise.all(
      instances.map(instance =>
        files.add(`${study}/${instance}.dcm`, syntheticInstance({ study, instance }))
      )
    );
  const inOrthanc = async (): Promise<Record<string, number>> =>
    (await (await fetch(`${scene.orthanc.url}/statistics`)).json()) as Record<string, number>;
  const rows = async (): Promise<Row[]> => {
    const found: Row[] = [];
    for await (const row of scene.client.allStudies()) found.push(row as Row);
    return found;
  };
  const onlyOriginals = (count: number) =>
    until('the copies to be removed', async () => (await inOrthanc()).CountInstances === count);

  it('sends copies, keeps the originals, removes the copies and never routes them', async () => {
    await scene.startRelay();
    const sent = await ct(1, [0, 1, 2]);
    await scene.modality.send(sent);
    await scene.settled({ sent: 3, dead: 0 });
    await onlyOriginals(3);
    const [study, ...others] = await rows();
    expect(others).toEqual([]);
    expect(first(study ?? {}, STUDY_UID)).toMatch(/^2\.25\./);
    expect(first(study ?? {}, PATIENT_ID)).toMatch(/^ANON-[0-9A-F]{12}$/);
    const uid = String(first(study ?? {}, STUDY_UID));
    const metadata = await scene.client.retrieveMetadata({ studyInstanceUID: uid });
    expect(metadata).toHaveLength(3);
    const text = JSON.stringify(metadata);
    expect(text).not.toMatch(/Synthetic\^|MRN0|Rita|19700101/);
    for (const each of [uidsOf(1, 0, 0), uidsOf(1, 0, 1), uidsOf(1, 0, 2)]) {
      for (const original of Object.values(each)) expect(text).not.toContain(`"${original}"`);
    }
    expect(text).toContain('CT study 1');
    // Three entries: the copies are not in the ledger, also after reconciliation.
    expect((await scene.queue()).entries).toHaveLength(3);
  }, 60_000);

  it('puts a late instance into the same de-identified study of the same pseudonym', async () => {
    const [before] = await rows();
    await scene.modality.send(await ct(1, [3]));
    await scene.settled({ sent: 4, dead: 0 });
    await onlyOriginals(4);
    const after = await rows();
    expect(after.map(row => [first(row, STUDY_UID), first(row, PATIENT_ID)])).toEqual([
      [first(before ?? {}, STUDY_UID), first(before ?? {}, PATIENT_ID)],
    ]);
    expect(await scene.storedUIDs()).toHaveLength(4);
  }, 60_000);

  it('sends the same copies again when it was stopped before the outcome was recorded', async () => {
    // The service takes the instances, but its answers are lost.
    await scene.fault({ match: { method: 'POST', path: '/studies' }, dropAnswerAfterBytes: 1 });
    await scene.modality.send(await ct(2, [0, 1]));
    await until('the service to have them', async () => (await scene.storedUIDs()).length === 6);
    await scene.stopRelay();
    await scene.noFaults();
    await scene.startRelay();
    await scene.settled({ sent: 6, dead: 0 });
    await onlyOriginals(6);
    expect(await scene.storedUIDs()).toHaveLength(6);
    expect(scene.log.join('')).not.toMatch(/Synthetic\^|MRN0/);
  }, 60_000);

  it('leaves no copy of an attempt that was cut off before its copies were recorded', async () => {
    await scene.stopRelay();
    // As such an attempt leaves it: a copy under the de-identified study's UID, which the ledger does not know.
    const [study] = await rows();
    const lookup = await fetch(`${scene.orthanc.url}/tools/lookup`, {
      method: 'POST',
      body: uidsOf(1, 0, 0).sopInstanceUID,
    });
    const [original] = (await lookup.json()) as { ID: string }[];
    await fetch(`${scene.orthanc.url}/tools/bulk-anonymize`, {
      method: 'POST',
      body: JSON.stringify({
        Resources: [original?.ID],
        Replace: { StudyInstanceUID: await studyUIDOfFirst(study) },
        Force: true,
      }),
    });
    expect((await inOrthanc()).CountInstances).toBe(7);
    await scene.startRelay();
    await scene.modality.send(await ct(1, [4]));
    await scene.settled({ sent: 7, dead: 0 });
    await onlyOriginals(7);
    expect(await scene.storedUIDs()).toHaveLength(7);
  }, 60_000);

  /** The de-identified UID of study 1: the one with four instances. */
  async function studyUIDOfFirst(any: Row | undefined): Promise<string> {
    for (const row of await rows()) {
      const uid = String(first(row, STUDY_UID));
      if ((await scene.client.retrieveMetadata({ studyInstanceUID: uid })).length === 4) return uid;
    }
    throw new Error(`no study of four instances beside ${String(any && first(any, STUDY_UID))}`);
  }

  it('sends pixel data unchanged', async () => {
    const [row] = await rows();
    const uid = String(first(row ?? {}, STUDY_UID));
    const [metadata] = await scene.client.retrieveMetadata({ studyInstanceUID: uid });
    const copy = await scene.client.retrieveInstance({
      studyInstanceUID: uid,
      seriesInstanceUID: String(first(metadata as Row, '0020000E')),
      sopInstanceUID: String(first(metadata as Row, '00080018')),
    });
    const number = Number(first(metadata as Row, '00200013')) - 1;
    const candidates = [1, 2].map(study =>
      dataSetOf(syntheticInstance({ study, instance: number }))
    );
    const pixels = dataSetOf(copy).subarray(-8192);
    expect(candidates.some(each => each.subarray(-8192).equals(pixels))).toBe(true);
  });
});
