import {
  createDicomwebClient,
  TransportError,
  type DicomJson,
  type Transport,
} from '@ohif-azure/dicomweb';
import { readStudiesWith } from './readStudiesWith.ts';
import { StudyMetadata } from './StudyMetadata.ts';
import type { DataSource } from '../ohif.ts';

const STUDY = '2.25.1';
const WHOLE = `/studies/${STUDY}/metadata`;

const instance = (series: string, number: string): DicomJson => ({
  '00080018': { vr: 'UI', Value: [`${series}.${number}`] },
  '00080060': { vr: 'CS', Value: ['CT'] },
  '0020000D': { vr: 'UI', Value: [STUDY] },
  '0020000E': { vr: 'UI', Value: [series] },
  '00200011': { vr: 'IS', Value: [1] },
});
const ALL = [instance('2.25.2', '1'), instance('2.25.3', '1'), instance('2.25.2', '2')];

/** All that can go on without waiting for anything has gone on. */
const turn = () => new Promise(resolve => setTimeout(resolve, 0));

type Answer = { status: number; body?: unknown };

/** An archive that answers by path; what is held waits until it is released. */
function scene() {
  const paths: string[] = [];
  const answers = new Map<string, Answer>([[WHOLE, { status: 200, body: ALL }]]);
  const held: (() => void)[] = [];
  const state = { isHolding: false, nowMs: 0 };
  const transport: Transport = {
    async send(request) {
      const { pathname } = new URL(request.url);
      const path = pathname.replace('/v2', '');
      paths.push(path);
      if (state.isHolding) {
        await new Promise<void>((resolve, reject) => {
          held.push(resolve);
          request.signal?.addEventListener('abort', () => {
            reject(new TransportError(request, 'no'));
          });
        });
      }
      const { status, body } = answers.get(path) ?? { status: 404 };
      const bytes = new TextEncoder().encode(JSON.stringify(body ?? ''));
      return { status, headers: new Headers(), bytes: () => Promise.resolve(bytes) };
    },
  };
  const client = createDicomwebClient({
    serviceUrl: 'http://archive.test/v2',
    dialect: 'azure',
    transport,
    retry: { maxRetries: 0 },
  });
  const told = { series: [] as number[], studies: 0 };
  const added: string[][] = [];
  const changed: string[] = [];
  const unread: string[] = [];
  const metadata = new StudyMetadata({
    client,
    clock: { now: () => state.nowMs },
    onSeries: ({ length }) => told.series.push(length),
    onStudy: () => (told.studies += 1),
    onAdded: (_study, series) => added.push(series),
    onChanged: uid => changed.push(uid),
    onUnread: ({ what }) => unread.push(what),
  });
  const bySeries = () => {
    answers.set(`/studies/${STUDY}/series`, { status: 200, body: [ALL[0], ALL[1]] });
    for (const uid of ['2.25.2', '2.25.3']) {
      const body = ALL.filter(one => one['0020000E']?.Value?.[0] === uid);
      answers.set(`/studies/${STUDY}/series/${uid}/metadata`, { status: 200, body });
    }
  };
  const release = () => {
    state.isHolding = false;
    held.splice(0).forEach(go => go());
  };
  return { paths, answers, state, told, added, changed, unread, metadata, bySeries, release };
}

describe('StudyMetadata', () => {
  it('reads a study by one request, begun before it is opened', async () => {
    const { metadata, paths, told } = scene();
    metadata.ahead(STUDY);
    metadata.ahead(STUDY);
    metadata.open(STUDY);
    const series = await metadata.seriesOf(STUDY);
    expect(series.map(one => one['00201209']?.Value)).toEqual([[2], [1]]);
    expect(series.map(one => one['00080060']?.Value)).toEqual([['CT'], ['CT']]);
    expect(await metadata.instancesOf(STUDY, '2.25.2')).toEqual([ALL[0], ALL[2]]);
    expect(await metadata.instancesOf(STUDY, '2.25.3')).toEqual([ALL[1]]);
    expect(paths).toEqual([WHOLE]);
    expect(told).toEqual({ series: [2, 1], studies: 1 });
  });

  it('each opening reads what the archive has then; two at the same time share one reading', async () => {
    const { metadata, paths, state, release } = scene();
    state.isHolding = true;
    metadata.open(STUDY);
    const first = metadata.seriesOf(STUDY);
    state.nowMs += 60_000;
    metadata.open(STUDY);
    const second = metadata.seriesOf(STUDY);
    release();
    expect(await first).toHaveLength(2);
    expect(await second).toHaveLength(2);
    expect(paths).toEqual([WHOLE]);
    metadata.open(STUDY);
    await metadata.seriesOf(STUDY);
    expect(paths).toEqual([WHOLE, WHOLE]);
  });

  it('what was read ahead more than 30 seconds ago is read again', async () => {
    const { metadata, paths, state } = scene();
    for (const [ms, requests] of [
      [0, 1],
      [30_000, 1],
      [1, 2],
    ] as const) {
      state.nowMs += ms;
      metadata.ahead(STUDY);
      await turn();
      expect(paths).toHaveLength(requests);
    }
  });

  it('a reading ahead that failed is no failure of the opening', async () => {
    const { metadata, answers, paths } = scene();
    answers.set(WHOLE, { status: 401 });
    metadata.ahead(STUDY);
    await turn();
    answers.set(WHOLE, { status: 200, body: ALL });
    metadata.open(STUDY);
    expect(await metadata.seriesOf(STUDY)).toHaveLength(2);
    expect(paths).toEqual([WHOLE, WHOLE]);
  });

  it('forgetting a study while it is opened does not fail the opening', async () => {
    const { metadata, state, release } = scene();
    state.isHolding = true;
    metadata.open(STUDY);
    const series = metadata.seriesOf(STUDY);
    metadata.forget(STUDY);
    release();
    expect(await series).toHaveLength(2);
  });

  it('more than a thousand instances: series by series, also when that is known only later', async () => {
    for (const isLater of [false, true]) {
      const { metadata, paths, state, told, bySeries, release } = scene();
      bySeries();
      state.isHolding = true;
      if (isLater) {
        metadata.open(STUDY);
        await turn();
      }
      metadata.learn(STUDY, 3_000);
      metadata.open(STUDY);
      const series = metadata.seriesOf(STUDY);
      const instances = metadata.instancesOf(STUDY, '2.25.2');
      await turn();
      release();
      expect(await series).toHaveLength(2);
      expect(await instances).toHaveLength(2);
      expect(await metadata.instancesOf(STUDY, '2.25.2')).toHaveLength(2);
      expect(paths.filter(path => path === WHOLE)).toHaveLength(isLater ? 1 : 0);
      expect(paths.filter(path => path.endsWith('2.25.2/metadata'))).toHaveLength(1);
      expect(told.series).toEqual([2]);
    }
  });

  it.each([503, 500])('%i of the whole: series by series', async status => {
    const { metadata, answers, bySeries } = scene();
    bySeries();
    answers.set(WHOLE, { status });
    metadata.open(STUDY);
    expect(await metadata.seriesOf(STUDY)).toHaveLength(2);
    expect(await metadata.instancesOf(STUDY, '2.25.3')).toEqual([ALL[1]]);
  });

  it.each([
    [403, 'ERR_RETRIEVE_FORBIDDEN'],
    [404, 'ERR_RETRIEVE_NOT_FOUND'],
  ])('%i is told to who opens the study', async (status, code) => {
    const { metadata, answers } = scene();
    answers.set(WHOLE, { status });
    metadata.open(STUDY);
    await expect(metadata.seriesOf(STUDY)).rejects.toMatchObject({ code });
  });

  it('a series that failed is read again when it is asked for again', async () => {
    const { metadata, answers, bySeries } = scene();
    bySeries();
    metadata.learn(STUDY, 3_000);
    metadata.open(STUDY);
    const path = `/studies/${STUDY}/series/2.25.3/metadata`;
    const right = answers.get(path) as Answer;
    answers.set(path, { status: 403 });
    await expect(metadata.instancesOf(STUDY, '2.25.3')).rejects.toBeDefined();
    answers.set(path, right);
    expect(await metadata.instancesOf(STUDY, '2.25.3')).toHaveLength(1);
  });

  it('keeps few studies: one that was opened long before is read again', async () => {
    const { metadata, answers, paths } = scene();
    for (let study = 1; study <= 6; study += 1) {
      answers.set(`/studies/2.25.${study}/metadata`, { status: 200, body: ALL });
      metadata.open(`2.25.${study}`);
      await metadata.seriesOf(`2.25.${study}`);
    }
    await metadata.instancesOf('2.25.6', '2.25.2');
    expect(paths).toHaveLength(6);
    await metadata.instancesOf('2.25.2', '2.25.2').catch(() => undefined);
    expect(paths.at(-1)).toBe('/studies/2.25.2/series/2.25.2/metadata');
  });
});

describe('readStudiesWith', () => {
  it('gives the stock source series and instances through ours', async () => {
    const { metadata, paths } = scene();
    const client = {} as Record<string, (options: object) => Promise<DicomJson[]>>;
    const retrieve = { getWadoDicomWebClient: () => client };
    readStudiesWith({ retrieve } as unknown as DataSource, metadata);
    const uids = { studyInstanceUID: STUDY, seriesInstanceUID: '2.25.3' };
    expect(await client.searchForSeries?.(uids)).toHaveLength(2);
    expect(await client.retrieveSeriesMetadata?.(uids)).toEqual([ALL[1]]);
    expect(paths).toEqual([WHOLE]);
  });

  it.each([{}, { getWadoDicomWebClient: () => undefined }])('without a client: nothing', inner => {
    const { metadata } = scene();
    expect(() =>
      readStudiesWith({ retrieve: inner } as unknown as DataSource, metadata)
    ).not.toThrow();
  });
});

describe('a study that is opened again', () => {
  const opened = async () => {
    const desk = scene();
    desk.metadata.open(STUDY);
    await desk.metadata.seriesOf(STUDY);
    desk.state.nowMs += 60_000;
    desk.state.isHolding = true;
    return desk;
  };
  const more = [...ALL, instance('2.25.3', '2'), instance('2.25.4', '1')];

  it('is shown as it was, before the archive answers; what was added is told then', async () => {
    const { metadata, answers, added, release } = await opened();
    answers.set(WHOLE, { status: 200, body: more });
    metadata.open(STUDY);
    expect(await metadata.seriesOf(STUDY)).toHaveLength(2);
    expect(await metadata.instancesOf(STUDY, '2.25.3')).toEqual([ALL[1]]);
    expect(added).toEqual([]);
    release();
    await turn();
    expect(added).toEqual([['2.25.3', '2.25.4']]);
    expect(await metadata.instancesOf(STUDY, '2.25.3')).toHaveLength(2);
  });

  it('nothing is told where nothing was added', async () => {
    const { metadata, added, changed, unread, release } = await opened();
    metadata.open(STUDY);
    await metadata.seriesOf(STUDY);
    // The viewer may write into what it was given.
    for (const each of await metadata.instancesOf(STUDY, '2.25.3')) {
      Object.assign(each, { '00080060': { vr: 'CS', Value: ['written'] } });
    }
    release();
    await turn();
    expect([added, changed, unread]).toEqual([[], [], []]);
  });

  const other = ALL.map((each, index) =>
    index === 1 ? { ...each, '00080060': { vr: 'CS', Value: ['MR'] } } : each
  );
  it.each([
    ['an instance is gone', ALL.slice(0, 2), [[], [STUDY]]],
    ['a series is gone', [ALL[0], ALL[2]], [[], [STUDY]]],
    ['an attribute is another', other, [[], [STUDY]]],
    [
      'an instance is gone, and another is new',
      [...ALL.slice(1), instance('2.25.4', '1')],
      [['2.25.4'], [STUDY]],
    ],
    ['the order is another', [...ALL].reverse(), [[], []]],
  ])('where %s, it says so if need be', async (_what, body, [more = [], told]) => {
    const { metadata, answers, added, changed, release } = await opened();
    answers.set(WHOLE, { status: 200, body });
    metadata.open(STUDY);
    await metadata.seriesOf(STUDY);
    release();
    await turn();
    expect([added.flat(), changed]).toEqual([more, told]);
  });

  it.each(['long ago', 'before a report of ours'])(
    'what was read %s, and is other now, is said as well',
    async when => {
      const { metadata, answers, added, changed, state, release } = await opened();
      answers.set(WHOLE, { status: 200, body: ALL.slice(0, 2) });
      if (when === 'long ago') state.nowMs += 3_600_000;
      else metadata.forget(STUDY);
      metadata.open(STUDY);
      const series = metadata.seriesOf(STUDY);
      release();
      await series;
      expect([added, changed]).toEqual([[], [STUDY]]);
    }
  );

  it('says that it is shown as it was where the archive has it no more', async () => {
    const { metadata, answers, unread, release } = await opened();
    answers.set(WHOLE, { status: 404 });
    metadata.open(STUDY);
    await metadata.seriesOf(STUDY);
    release();
    await turn();
    expect(unread).toEqual(['news']);
  });

  it('waits for the archive where it was read long ago, or something of ours was stored meanwhile', async () => {
    for (const since of ['long ago', 'forgotten']) {
      const { metadata, answers, state, release } = await opened();
      answers.set(WHOLE, { status: 200, body: more });
      if (since === 'forgotten') metadata.forget(STUDY);
      else state.nowMs += 3_600_000;
      metadata.open(STUDY);
      const series = metadata.seriesOf(STUDY);
      release();
      expect(await series).toHaveLength(3);
    }
  });
});
