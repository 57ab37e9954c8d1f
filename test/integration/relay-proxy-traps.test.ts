import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { dataSetOf, dicomFiles, dicomSender } from '../support/dicom-sender.ts';
import { ProxyScene } from '../support/proxy-scene.ts';
import { syntheticInstance, uidsOf } from '../support/synthetic-study.js';

const LARGE = { rows: 512, columns: 512 };
const IMPLICIT_VR = '1.2.840.10008.1.2';

/** The traps of Orthanc's jobs (orthanc 2.5), with the real Orthanc. */
describe('jobs of Orthanc', () => {
  let scene: ProxyScene;
  let next = 0;
  beforeAll(async () => {
    scene = await ProxyScene.start();
  });
  afterAll(() => scene.close());
  afterEach(() => scene.noFaults());

  const study = async (count: number, image = {}) => {
    next += 1;
    const place = next;
    const files = Array.from({ length: count }, (_, instance) =>
      syntheticInstance({ study: place, instance }, image)
    );
    const uids = files.map((_, instance) => uidsOf(place, 0, instance).sopInstanceUID);
    const stored = async () => (await scene.storedUIDs()).filter(uid => uids.includes(uid)).length;
    return { ...(await scene.upload(files)), stored };
  };
  /** No success that is none: whatever the job says of itself, this holds. */
  const expectHonest = async (id: string, whole: number, stored: () => Promise<number>) => {
    const job = await scene.ended(id);
    if (job.State === 'Success') expect(await stored()).toBe(whole);
    return job;
  };

  it('resubmit after a failure whose body was sent as a whole: an empty body', async () => {
    const { study: id, stored } = await study(3);
    await scene.fault({ status: 503, body: '', times: 9 });
    const job = await scene.sent(id);
    expect(job.State).toBe('Failure');
    await scene.noFaults();
    await scene.job(job.ID, 'resubmit');
    expect((await scene.ended(job.ID)).State).toBe('Failure');
    expect(await stored()).toBe(0);
    expect((await scene.sent(id)).State).toBe('Success');
    expect(await stored()).toBe(3);
  });

  it('resubmit after an early refusal of many instances: a shortened body', async () => {
    const { study: id, stored } = await study(60, LARGE);
    await scene.fault({ status: 403, body: '' });
    const job = await scene.sent(id);
    expect(job.State).toBe('Failure');
    await scene.job(job.ID, 'resubmit');
    expect((await scene.ended(job.ID)).State).toBe('Failure');
    expect(scene.logLines().at(-1)).toMatchObject({ reason: 'reused-boundary' });
    expect(await stored()).toBe(0);
    expect((await scene.sent(id)).State).toBe('Success');
    expect(await stored()).toBe(60);
  }, 30_000);

  it('pause and resume', async () => {
    const { study: id, stored } = await study(100, LARGE);
    const job = await scene.send(id);
    await scene.job(job, 'pause');
    // Pausing takes the job a moment; it may also have ended before.
    if ((await scene.reached(job, 'Paused', 'Success')) === 'Paused') {
      await scene.job(job, 'resume');
    }
    expect((await expectHonest(job, 100, stored)).State).toBe('Success');
    expect((await scene.sent(id)).State).toBe('Success');
  }, 30_000);

  it('pause when everything was sent already, and resume', async () => {
    const { study: id, stored } = await study(5);
    await scene.fault({ delayMs: 2_500 });
    const job = await scene.send(id);
    await scene.allRead(job);
    await scene.job(job, 'pause');
    await scene.reached(job, 'Paused');
    await scene.job(job, 'resume');
    expect((await scene.ended(job)).State).toBe('Success');
    expect(scene.logLines().at(-1)).toMatchObject({ isResumed: true, status: 200 });
    expect(await stored()).toBe(5);
  }, 30_000);

  it('cancel, and resubmit of what was cancelled', async () => {
    const { study: id, stored } = await study(100, LARGE);
    const job = await scene.send(id);
    await scene.job(job, 'cancel');
    await expectHonest(job, 100, stored);
    await scene.job(job, 'resubmit').catch(() => undefined);
    await expectHonest(job, 100, stored);
    expect((await scene.sent(id)).State).toBe('Success');
    expect(await stored()).toBe(100);
  }, 30_000);

  it('kill -9 of Orthanc within a job: nothing of the cut body is stored as if it were whole', async () => {
    const { study: id, stored } = await study(100, LARGE);
    await scene.fault({ delayMs: 200 });
    await scene.send(id);
    await scene.orthanc.kill();
    await scene.orthanc.restart();
    expect([0, 100]).toContain(await stored());
    expect((await scene.sent(id)).State).toBe('Success');
    expect(await stored()).toBe(100);
  }, 60_000);

  it('a line of the service that is cut within the body, and within the answer', async () => {
    const { study: id, stored } = await study(20, LARGE);
    await scene.fault({ dropAfterBytes: 2_000_000, times: 9 });
    expect((await scene.sent(id)).State).toBe('Failure');
    await scene.noFaults();
    await scene.fault({ dropAnswerAfterBytes: 10 });
    expect((await scene.sent(id)).State).toBe('Failure');
    // What was stored before the line broke counts as stored.
    expect((await scene.sent(id)).State).toBe('Success');
    expect(await stored()).toBe(20);
  }, 30_000);
});

it('a service that is slower than the Timeout of the entry: the job fails, and its study is stored', async () => {
  const scene = await ProxyScene.start({ entry: { Timeout: 2 } });
  const { study } = await scene.upload([syntheticInstance({ study: 1 })]);
  await scene.fault({ delayMs: 4_000 });
  const job = await scene.sent(study);
  expect(job.State).toBe('Failure');
  await scene.job(job.ID, 'resubmit');
  expect((await scene.ended(job.ID)).State).toBe('Failure');
  while (!scene.logLines().some(line => line['reason'] === 'caller-gone')) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  expect(scene.logLines()).toContainEqual(
    expect.objectContaining({ reason: 'caller-gone', stored: 1 })
  );
  expect((await scene.sent(study)).State).toBe('Success');
  await scene.close();
}, 30_000);

describe('Implicit VR, and a service that takes Explicit VR only', () => {
  /** The same instance as a modality sends it. */
  const implicit = async () => {
    const files = await dicomFiles();
    const file = await files.add('explicit.dcm', syntheticInstance({ study: 1 }));
    const out = path.join(files.folder, 'implicit.dcm');
    execFileSync('dcmconv', ['+ti', file, out]);
    const expected = path.join(files.folder, 'expected.dcm');
    // Undefined lengths, no group lengths: as the relay writes it.
    execFileSync('dcmconv', ['+te', '-e', '-g', out, expected]);
    return { files, file: out, expected };
  };

  it('is transcoded by the relay on request, to what dcmtk makes of it', async () => {
    const { files, file, expected } = await implicit();
    const scene = await ProxyScene.start({
      profile: 'hosted',
      server: { implicitVR: 'transcode' },
      orthanc: { IngestTranscoding: IMPLICIT_VR },
    });
    expect(await dicomSender(scene.orthanc).send([file])).toBe(true);
    const [study] = (await scene.ask('/studies')) as string[];
    expect((await scene.sent(study!)).State).toBe('Success');
    const there = await scene.client.retrieveInstance(uidsOf(1, 0, 0));
    expect(dataSetOf(there).equals(dataSetOf(await readFile(expected)))).toBe(true);
    await scene.close();
    await files.close();
  });

  // azure-dicom-service 1.6: Explicit VR is what the service asks for; of a Transfer Syntax that has it, nothing is to be made another.
  it.each([
    ['Explicit VR Big Endian', '+tb', '1.2.840.10008.1.2.2'],
    ['Deflated Explicit VR Little Endian', '+td', '1.2.840.10008.1.2.1.99'],
  ])(
    'leaves %s as it is, which the service stores',
    async (_name, option, transferSyntaxUID) => {
      const { files, file } = await implicit();
      const out = path.join(files.folder, 'other.dcm');
      execFileSync('dcmconv', [option, file, out]);
      const scene = await ProxyScene.start({
        profile: 'hosted',
        server: { implicitVR: 'transcode', verifyDuplicates: 'hash' },
        orthanc: { IngestTranscoding: transferSyntaxUID },
      });
      const sent = await readFile(out);
      const { study } = await scene.upload([sent]);
      expect((await scene.sent(study)).State).toBe('Success');
      const there = await scene.client.retrieveInstance(uidsOf(1, 0, 0));
      expect(dataSetOf(there).equals(dataSetOf(sent))).toBe(true);
      // Sent again, it is found to be the same.
      expect((await scene.sent(study)).State).toBe('Success');
      expect(scene.logLines().at(-1)).toMatchObject({ alreadyStored: 1 });
      await scene.close();
      await files.close();
    },
    30_000
  );

  it('is refused where the relay passes it on', async () => {
    const { files, file } = await implicit();
    const scene = await ProxyScene.start({
      profile: 'hosted',
      orthanc: { IngestTranscoding: IMPLICIT_VR },
    });
    expect(await dicomSender(scene.orthanc).send([file])).toBe(true);
    const [study] = (await scene.ask('/studies')) as string[];
    expect((await scene.sent(study!)).State).toBe('Failure');
    await scene.close();
    await files.close();
  });

  it('does not arise with IngestTranscoding of the configuration', async () => {
    const { files, file } = await implicit();
    const scene = await ProxyScene.start({ profile: 'hosted' });
    expect(await dicomSender(scene.orthanc).send([file])).toBe(true);
    const [study] = (await scene.ask('/studies')) as string[];
    expect((await scene.sent(study!)).State).toBe('Success');
    await scene.close();
    await files.close();
  });
});

it('splits a study that is longer than a request may be, and Orthanc sees one success', async () => {
  const scene = await ProxyScene.start({ server: { maxRequestBytes: 5_000_000 } });
  const files = Array.from({ length: 40 }, (_, instance) =>
    syntheticInstance({ study: 1, instance }, LARGE)
  );
  const { study } = await scene.upload(files);
  expect((await scene.sent(study)).State).toBe('Success');
  expect(await scene.storedUIDs()).toHaveLength(40);
  const line = scene.logLines().at(-1) as { upstreamRequests: number };
  expect(line.upstreamRequests).toBeGreaterThan(3);
  await scene.close();
}, 30_000);
