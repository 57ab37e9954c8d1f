import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readIdentity } from '@ohif-azure/dicomweb';
import { dataSetOf, dicomFiles, type DicomFiles } from '../support/dicom-sender.ts';
import { RouterScene, until } from '../support/router-scene.ts';
import { syntheticInstance, uidsOf } from '../support/synthetic-study.js';

/** A real MR study in Implicit VR, where it is at hand: beside the project, or where the environment says. */
const MR_HEAD =
  process.env.MR_HEAD_FOLDER ?? path.resolve(import.meta.dirname, '../../../shared/data/mr-head');
const studyUID = (n: number): string => uidsOf(n, 0, 0).studyInstanceUID;

describe('from storescu through Orthanc and the relay to the service', () => {
  let files: DicomFiles;
  let scene: RouterScene;

  beforeAll(async () => {
    files = await dicomFiles();
  });
  afterAll(() => files.close());

  const ct = (study: number, count: number, image?: { rows?: number; frames?: number }) =>
    Promise.all(
      Array.from({ length: count }, (_, instance) =>
        files.add(`${study}/${instance}.dcm`, syntheticInstance({ study, instance }, image))
      )
    );

  /** What the service has is what was sent: byte for byte, in the data set. */
  const expectArrived = async (sent: readonly string[]): Promise<void> => {
    for (const file of sent) {
      const bytes = await readFile(file);
      const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = readIdentity(bytes);
      if (!studyInstanceUID || !seriesInstanceUID || !sopInstanceUID) throw new Error(file);
      const there = await scene.client.retrieveInstance({
        studyInstanceUID,
        seriesInstanceUID,
        sopInstanceUID,
      });
      expect(dataSetOf(there).equals(dataSetOf(bytes))).toBe(true);
    }
  };

  describe('on an ordinary day, and when something near or far is down', () => {
    beforeAll(async () => {
      scene = await RouterScene.start();
      await scene.startRelay();
    }, 60_000);
    afterAll(() => scene.close());

    it('brings 200 CT instances and a multi-frame one, byte for byte in their data sets', async () => {
      const before = await scene.counts();
      const sent = [
        ...(await ct(1, 200, { rows: 128 })),
        ...(await ct(2, 1, { rows: 256, frames: 40 })),
      ];
      expect(await scene.modality.send(sent)).toBe(true);
      await scene.settled({ sent: before.sent + 201, dead: 0 });
      await expectArrived(sent);
      expect(await scene.storedUIDs()).toHaveLength(201);
      expect(await scene.status()).toMatchObject({ orthanc: 'reachable', ledger: 'ok' });
      const metrics = await scene.metrics();
      expect(metrics).toContain('relay_queue_instances{state="sent"} 201');
      expect(metrics).toMatch(
        /relay_router_instances_total\{server="azure-dicom",result="sent"\} 201/
      );
      expect(metrics).toContain('relay_queue_oldest_seconds 0');
      expect(scene.log.join('')).not.toMatch(/Synthetic\^|MARKER|MRN0/);
    }, 60_000);

    (existsSync(MR_HEAD) ? it : it.skip)(
      'brings a real MR study, byte for byte',
      async () => {
        const sent = readdirSync(MR_HEAD)
          .filter(name => name.endsWith('.dcm'))
          .map(name => path.join(MR_HEAD, name));
        const before = await scene.counts();
        expect(await scene.modality.send(sent)).toBe(true);
        await scene.settled({ sent: before.sent + sent.length, dead: 0 });
        await expectArrived(sent);
      },
      120_000
    );

    it('sends only the late instance of a study, and nothing that Orthanc had already', async () => {
      const before = await scene.counts();
      const [late = '', ...first] = await ct(3, 4);
      await scene.modality.send(first);
      await scene.settled({ sent: before.sent + 3 });
      const requests = await scene.storeRequests();
      // Orthanc has these already: no change, nothing to send.
      await scene.modality.send([...first, late]);
      await scene.settled({ sent: before.sent + 4 });
      expect(await scene.storeRequests()).toBe(requests + 1);
      await expectArrived([late]);
    }, 60_000);

    it('waits while the service is down, with pauses, and sends when it is back', async () => {
      const before = await scene.counts();
      await scene.stopAzure();
      await scene.modality.send(await ct(5, 3));
      const failing = await until('the relay to notice', async () => {
        const { services } = (await scene.status()) as {
          services: Record<string, { failures: number; reason?: { code: string } }>;
        };
        const service = services['azure-dicom'];
        return service && service.failures > 1 && service;
      });
      expect(failing.reason?.code).toBe('not-connected');
      expect((await scene.queue('?state=waiting')).entries).toMatchObject([
        { state: 'waiting', attempts: 0 },
        { state: 'waiting', attempts: 0 },
        { state: 'waiting', attempts: 0 },
      ]);
      await scene.startAzure();
      await scene.settled({ sent: before.sent + 3, dead: 0 });
    }, 60_000);

    it('keeps away as long as the service says', async () => {
      const before = await scene.counts();
      await scene.fault({
        match: { method: 'POST', path: '/studies' },
        status: 503,
        headers: { 'Retry-After': '3' },
        times: 1,
      });
      const requests = await scene.storeRequests();
      const begin = Date.now();
      await scene.modality.send(await ct(6, 2));
      await scene.settled({ sent: before.sent + 2, dead: 0 });
      expect(Date.now() - begin).toBeGreaterThan(3_000);
      expect(await scene.storeRequests()).toBe(requests + 2);
    }, 60_000);

    it('lets go of what is deleted in Orthanc before its turn', async () => {
      const before = await scene.counts();
      await scene.stopAzure();
      await scene.modality.send([...(await ct(9, 2)), ...(await ct(10, 1))]);
      await until(
        'the ledger to have them',
        async () => (await scene.queue()).counts.waiting === 3
      );
      const found = (await (
        await fetch(`${scene.orthanc.url}/tools/lookup`, { method: 'POST', body: studyUID(9) })
      ).json()) as { ID: string }[];
      await fetch(`${scene.orthanc.url}/studies/${found[0]?.ID}`, { method: 'DELETE' });
      await scene.startAzure();
      await scene.settled({ sent: before.sent + 1, gone: before.gone + 2, dead: 0 });
    }, 60_000);
  });

  describe('with a configuration or an Orthanc of its own', () => {
    afterEach(() => scene.close());

    it('counts as sent what the service has from before, when it is the same, and gives the other one up', async () => {
      scene = await RouterScene.start({ routing: { maxAttempts: 2, maxPauseSeconds: 1 } });
      const [same = '', other = ''] = await ct(4, 2);
      const changed = syntheticInstance({ study: 4, instance: 1 }, { rows: 32 });
      await scene.client.store([{ bytes: await readFile(same) }, { bytes: changed }]);
      await scene.startRelay();
      await scene.modality.send([same, other]);
      await scene.settled({ sent: 1, dead: 1 });
      const { entries } = await scene.queue('?state=dead');
      expect(entries).toMatchObject([
        {
          sopInstanceUID: uidsOf(4, 0, 1).sopInstanceUID,
          code: 'FailureReason 45070 (0xB00E)',
          reason: expect.stringContaining('another instance under the same UIDs'),
        },
      ]);
      expect(await scene.post('drop', { ids: [entries[0]?.id] })).toEqual({ changed: 1 });
      await scene.settled({ sent: 1, dead: 0, dropped: 1 });
    }, 60_000);

    it('finds the one instance that the service cannot take, and sends the others', async () => {
      scene = await RouterScene.start({ routing: { maxAttempts: 3 } });
      await scene.startRelay();
      await scene.modality.send(await ct(7, 1));
      await scene.settled({ sent: 1 });
      const whole = await ct(8, 5);
      // An instance without Patient ID is refused by the service (43264).
      const broken = Buffer.from(syntheticInstance({ study: 8, instance: 9 }));
      const at = broken.indexOf(Buffer.from([0x10, 0x00, 0x20, 0x00, 0x4c, 0x4f]));
      broken[at + 2] = 0x21;
      await scene.modality.send([...whole, await files.add('8/broken.dcm', broken)]);
      await scene.settled({ sent: 6, dead: 1 });
      expect((await scene.queue('?state=dead')).entries).toMatchObject([
        { code: 'FailureReason 43264 (0xA900)', sopInstanceUID: uidsOf(8, 0, 9).sopInstanceUID },
      ]);
    }, 60_000);

    it.each(['cut', 500] as const)(
      'gives up a lone instance over which the service always fails (%s), and none while it takes nothing',
      async fate => {
        scene = await RouterScene.start({ routing: { maxAttempts: 3 } });
        await scene.failOver(uidsOf(21, 0, 0).sopInstanceUID, fate);
        await scene.startRelay();
        await scene.modality.send(await ct(20, 1));
        await scene.settled({ sent: 1 });
        await scene.modality.send(await ct(21, 1));
        await scene.settled({ sent: 1, dead: 1 });
        expect((await scene.queue('?state=dead')).entries).toMatchObject([
          {
            sopInstanceUID: uidsOf(21, 0, 0).sopInstanceUID,
            reason: expect.stringMatching(/it fails over this one\.$/),
          },
        ]);
        await scene.fault({
          match: { method: 'POST', path: '/studies' },
          status: 500,
          body: '',
          times: 1_000,
        });
        await scene.modality.send(await ct(22, 3));
        const requests = await scene.storeRequests();
        await until('many attempts', async () => (await scene.storeRequests()) > requests + 6);
        expect(await scene.counts()).toMatchObject({ sent: 1, dead: 1, waiting: 3 });
        await scene.noFaults();
        await scene.settled({ sent: 4, dead: 1 });
      },
      60_000
    );

    it('finds the one of a study over which the service fails, also when nothing else comes', async () => {
      scene = await RouterScene.start({ routing: { maxAttempts: 2 } });
      await scene.failOver(uidsOf(23, 0, 0).sopInstanceUID, 500);
      await scene.startRelay();
      await scene.modality.send(await ct(23, 4));
      await scene.settled({ sent: 3, dead: 1 });
      expect((await scene.queue('?state=dead')).entries).toMatchObject([
        { sopInstanceUID: uidsOf(23, 0, 0).sopInstanceUID },
      ]);
      expect(await scene.storedUIDs()).toHaveLength(3);
    }, 60_000);

    it('goes on with a reset Orthanc database, whose numbers begin anew', async () => {
      scene = await RouterScene.start();
      await scene.startRelay();
      await scene.modality.send(await ct(11, 6));
      await scene.settled({ sent: 6 });
      await scene.orthanc.kill();
      const { rm } = await import('node:fs/promises');
      await rm(path.join(scene.orthanc.folder, 'storage'), { recursive: true });
      await scene.orthanc.restart();
      const fresh = await ct(12, 2);
      await scene.modality.send([...fresh, path.join(files.folder, '11/0.dcm')]);
      // The one that it has again is sent again, and found to be the same.
      await scene.settled({ sent: 8, dead: 0 });
      await expectArrived(fresh);
      expect(await scene.storedUIDs()).toHaveLength(8);
    }, 60_000);

    it('finds by reconciliation what the change feed does not say', async () => {
      scene = await RouterScene.start();
      await scene.modality.send(await ct(13, 3));
      await fetch(`${scene.orthanc.url}/changes`, { method: 'DELETE' });
      await scene.startRelay();
      await scene.settled({ sent: 3 });
      expect(await scene.status()).toMatchObject({ found_by_reconciliation: 3 });
    }, 60_000);

    it('goes by the rules: modality, source AE title, station, description; hold and skip', async () => {
      scene = await RouterScene.start({
        routing: {
          rules: [
            { name: 'no-research', when: { sourceAETitle: 'RESEARCH*' }, action: 'skip' },
            { name: 'ask-first', when: { studyDescription: 'ct STUDY 15' }, action: 'hold' },
            { name: 'ct', when: { modality: ['CT', 'MR'] } },
          ],
          otherwise: { action: 'skip' },
        },
      });
      await scene.startRelay();
      await scene.modality.send(await ct(14, 2), 'RESEARCH1');
      await scene.modality.send([...(await ct(15, 2)), ...(await ct(16, 1))]);
      await scene.settled({ skipped: 2, held: 2, sent: 1 });
      const { entries } = await scene.queue('?state=held');
      expect(entries).toMatchObject([{ reason: 'ask-first' }, { reason: 'ask-first' }]);
      expect(await scene.post('retry', { state: 'held', study: entries[0]?.study })).toEqual({
        changed: 2,
      });
      await scene.settled({ skipped: 2, held: 0, sent: 3 });
    }, 60_000);
  });
});
