import { uidsOf, syntheticInstance } from '../support/synthetic-study.js';
import { dataSetOf } from '../support/dicom-sender.ts';
import type { EndedJob } from '../support/proxy-scene.ts';
import { ProxyScene } from '../support/proxy-scene.ts';

const SEQUENCE = { referenced: '00081199', failed: '00081198' };
const item = (uid: string, reason?: number) => ({
  '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
  '00081155': { vr: 'UI', Value: [uid] },
  ...(reason === undefined ? {} : { '00081197': { vr: 'US', Value: [reason] } }),
});
const answer = (stored: string[], failed: [uid: string, reason: number][]) =>
  JSON.stringify({
    ...(stored.length > 0
      ? { [SEQUENCE.referenced]: { vr: 'SQ', Value: stored.map(uid => item(uid)) } }
      : {}),
    [SEQUENCE.failed]: { vr: 'SQ', Value: failed.map(([uid, reason]) => item(uid, reason)) },
  });
const JSON_TYPE = { 'content-type': 'application/dicom+json' };

/** The 15 cases of the prototype, with the configuration files as they are shipped. */
describe.each(['package', 'container'] as const)(
  'Orthanc with platform-config/orthanc/%s (orthanc 2.6)',
  configuration => {
    let scene: ProxyScene;
    let next = 0;
    beforeAll(async () => {
      scene = await ProxyScene.start({ configuration });
    });
    afterAll(() => scene.close());
    afterEach(async () => {
      await scene.noFaults();
      expect(scene.log.join('')).not.toMatch(/MARKER|Bearer|Test\^|SYNTHETIC/);
    });

    /** A new study in Orthanc. */
    const study = async (count = 3, image?: { rows?: number; columns?: number }) => {
      next += 1;
      const place = next;
      const files = Array.from({ length: count }, (_, instance) =>
        syntheticInstance({ study: place, instance }, image)
      );
      const uids = files.map((_, instance) => uidsOf(place, 0, instance).sopInstanceUID);
      return { ...(await scene.upload(files)), uids, files };
    };
    /** Orthanc says "1" of the job, and what it was in its content. */
    const failure = (code: number, detail?: RegExp) => ({
      State: 'Failure',
      Content: {
        FunctionErrorCode: code,
        ...(detail ? { FunctionErrorDetails: expect.stringMatching(detail) } : {}),
      },
    });
    const SUCCESS = { State: 'Success', ErrorCode: 0 };
    const expectJob = (job: EndedJob, expected: object): void => {
      expect(job).toMatchObject(expected);
    };

    it('first send, resend', async () => {
      const { study: id, uids, files } = await study();
      expectJob(await scene.sent(id), SUCCESS);
      const place = { ...uidsOf(next, 0, 1) };
      const there = await scene.client.retrieveInstance(place);
      expect(dataSetOf(there).equals(dataSetOf(files[1]!))).toBe(true);
      expectJob(await scene.sent(id), SUCCESS);
      expect((await scene.storedUIDs()).filter(uid => uids.includes(uid))).toHaveLength(3);
      expect(scene.logLines().at(-1)).toMatchObject({
        status: 200,
        upstreamStatus: 409,
        alreadyStored: 3,
      });
    });

    it('one instance first, then the whole study', async () => {
      const { study: id, instances } = await study();
      expectJob(await scene.sent(instances[0]!), SUCCESS);
      expectJob(await scene.sent(id), SUCCESS);
      expect(scene.logLines().at(-1)).toMatchObject({
        upstreamStatus: 202,
        stored: 2,
        alreadyStored: 1,
      });
    });

    it('a true failure, its resubmission, and a new send afterwards', async () => {
      const { study: id, instances, uids } = await study();
      const [a, b, c] = uids as [string, string, string];
      await scene.fault({ status: 202, headers: JSON_TYPE, body: answer([a, b], [[c, 43_264]]) });
      const failed = await scene.sent(id);
      expectJob(failed, failure(9, /2 instances out of 3/));
      expect(scene.logLines()).toContainEqual(
        expect.objectContaining({ instances: [{ sopInstanceUID: c, failureReason: 43_264 }] })
      );
      await scene.job(failed.ID, 'resubmit');
      expectJob(await scene.ended(failed.ID), { State: 'Failure' });
      expect(scene.logLines().at(-1)).toMatchObject({ status: 409, reason: 'reused-boundary' });
      // What the service said to have stored.
      expectJob(await scene.sent(instances[0]!, instances[1]!), SUCCESS);
      expectJob(await scene.sent(id), SUCCESS);
      expect((await scene.storedUIDs()).filter(uid => uids.includes(uid))).toHaveLength(3);
    });

    it('45071: being created is not "already stored"', async () => {
      const { study: id, uids } = await study(1);
      await scene.fault({
        status: 409,
        headers: JSON_TYPE,
        body: answer([], [[uids[0]!, 45_071]]),
      });
      expectJob(await scene.sent(id), failure(9));
    });

    // prettier-ignore
    const REFUSED: readonly (readonly [status: number, code: number])[] = [[503, 9], [401, 29], [403, 29]];
    it.each(REFUSED)('the service answers %i: job error %i', async (status, code) => {
      const { study: id } = await study(1);
      await scene.fault({ status, body: '', times: 9 });
      expectJob(await scene.sent(id), failure(code));
    });

    it('the same study listed twice', async () => {
      const { study: id } = await study();
      expectJob(await scene.sent(id, id), SUCCESS);
      expect(scene.logLines().at(-1)).toMatchObject({ instances: 6, stored: 3, alreadyStored: 3 });
    });

    it('200 CT (105 MB with the package), first and resend', async () => {
      const { study: id } = await study(
        200,
        configuration === 'package' ? { rows: 512, columns: 512 } : {}
      );
      expectJob(await scene.sent(id), SUCCESS);
      expectJob(await scene.sent(id), SUCCESS);
      expect(scene.logLines().at(-1)).toMatchObject({ instances: 200, alreadyStored: 200 });
    }, 60_000);

    it('searches, retrieves; deletes only where the entry permits it', async () => {
      const { study: id } = await study(1);
      expectJob(await scene.sent(id), SUCCESS);
      const { studyInstanceUID } = uidsOf(next, 0, 0);
      const qido = JSON.stringify({
        Uri: '/studies',
        Arguments: { StudyInstanceUID: studyInstanceUID },
      });
      const rows = await scene.ask('/dicom-web/servers/azure-dicom/qido', {
        method: 'POST',
        body: qido,
      });
      expect(JSON.stringify(rows)).toContain(studyInstanceUID);
      await scene.ask(`/studies/${id}`, { method: 'DELETE' });
      const wado = JSON.stringify({ Resources: [{ Study: studyInstanceUID }] });
      await scene.ask('/dicom-web/servers/azure-dicom/retrieve', { method: 'POST', body: wado });
      expect(await scene.ask(`/studies/${id}`)).toMatchObject({ ID: id });
      const uri = '/dicom-web/servers/azure-dicom/delete';
      const body = JSON.stringify({ Level: 'Study', StudyInstanceUID: studyInstanceUID });
      await expect(scene.ask(uri, { method: 'POST', body })).rejects.toThrow(/HasDelete|not|40|50/);
    });
  }
);

it('a service that is not there: job error 9, nothing is lost', async () => {
  const scene = await ProxyScene.start({ server: { serviceUrl: 'http://127.0.0.1:1/v2' } });
  const { study } = await scene.upload([syntheticInstance({ study: 1 })]);
  expect(await scene.sent(study)).toMatchObject({
    State: 'Failure',
    Content: { FunctionErrorCode: 9 },
  });
  expect(scene.logLines().at(-1)).toMatchObject({ reason: 'not-connected' });
  await scene.close();
});

it('deletes where the server entry permits it', async () => {
  const scene = await ProxyScene.start({ entry: { HasDelete: true } });
  const { study } = await scene.upload([syntheticInstance({ study: 1 })]);
  expect(await scene.sent(study)).toMatchObject({ State: 'Success' });
  const { studyInstanceUID } = uidsOf(1, 0, 0);
  const body = JSON.stringify({ Level: 'Study', StudyInstanceUID: studyInstanceUID });
  await scene.ask('/dicom-web/servers/azure-dicom/delete', { method: 'POST', body });
  expect(await scene.storedUIDs()).toEqual([]);
  await scene.close();
});
