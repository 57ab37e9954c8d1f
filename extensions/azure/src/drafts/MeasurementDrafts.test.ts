import type { Measurement, Services } from '../ohif.ts';
import { keyOf } from '../report/measurementKey.ts';
import type { Draft } from './draft.ts';
import { MeasurementDrafts, type DescribeDraft } from './MeasurementDrafts.ts';

const measurement = (uid: string, x = 0, more: Partial<Measurement> = {}): Measurement => ({
  uid,
  points: [[x, 0, 0]],
  referenceStudyUID: '1.2',
  ...more,
});

const describeDraft: DescribeDraft = async studyInstanceUID => ({
  name: 'Measurements',
  sourceName: 'azure',
  studyInstanceUID,
  madeAt: 0,
  expiresAt: 1,
  instances: [],
});

function viewer() {
  let measurements: Measurement[] = [];
  const listeners = new Map<string, (data: { measurement?: Measurement }) => void>();
  const services = {
    measurementService: {
      EVENTS: {
        MEASUREMENT_ADDED: 'added',
        RAW_MEASUREMENT_ADDED: 'raw',
        MEASUREMENTS_CLEARED: 'cleared',
      },
      getMeasurements: () => measurements,
      subscribe: (event: string, listener: (data: { measurement?: Measurement }) => void) => {
        listeners.set(event, listener);
        return { unsubscribe: () => listeners.delete(event) };
      },
    },
  } as unknown as Pick<Services, 'measurementService'>;
  const kept = new Map<string, Draft>();
  const inReport = new Set<string>();
  const drafts = new MeasurementDrafts({
    drafts: {
      keep: async draft => {
        kept.set(draft.id, draft);
        return true;
      },
      forget: async (...ids) => ids.forEach(id => kept.delete(id)),
      release: async () => undefined,
    },
    isInReport: key => inReport.has(key),
    onLoaded: key => inReport.add(key),
    clock: { now: () => 0, sleep: async () => undefined },
  });
  drafts.start(services, describeDraft);
  return {
    drafts,
    inReport,
    /** What is on disk: the uids of each draft. */
    onDisk: () =>
      [...kept.values()].map(draft => draft.measurements?.map(key => key.split('@')[0])),
    ids: () => [...kept.keys()],
    has(...now: Measurement[]) {
      measurements = now;
    },
    fires(event: string, data: { measurement?: Measurement } = {}) {
      listeners.get(event)?.(data);
    },
  };
}

it('keeps one draft of a study, rewritten as it changes, and forgets it with the last measurement', async () => {
  const { drafts, has, onDisk, ids } = viewer();
  has(measurement('a'));
  await drafts.flush();
  expect(onDisk()).toEqual([['a']]);
  const [id] = ids();
  has(measurement('a'), measurement('b'));
  await drafts.flush();
  expect(onDisk()).toEqual([['a', 'b']]);
  expect(ids()).toEqual([id]);
  has(measurement('b'));
  await drafts.flush();
  expect(onDisk()).toEqual([['b']]);
  has();
  await drafts.flush();
  expect(onDisk()).toEqual([]);
});

it('keeps a draft of each study', async () => {
  const { drafts, has, onDisk } = viewer();
  has(measurement('a'), measurement('b', 0, { referenceStudyUID: '1.3' }));
  await drafts.flush();
  expect(onDisk()).toEqual([['a'], ['b']]);
});

it('knows what neither a report nor a draft has', async () => {
  const { drafts, has, inReport } = viewer();
  expect(drafts.hasUnkept()).toBe(false);
  has(measurement('a'));
  expect(drafts.hasUnkept()).toBe(true);
  await drafts.flush();
  expect(drafts.hasUnkept()).toBe(false);
  has(measurement('a', 5));
  expect(drafts.hasUnkept()).toBe(true);
  inReport.add(keyOf(measurement('a', 5)));
  expect(drafts.hasUnkept()).toBe(false);
});

it('leaves measurements of a report alone, and a report takes the place of their draft', async () => {
  const { drafts, has, inReport, onDisk, ids } = viewer();
  has(measurement('a'), measurement('b'));
  await drafts.flush();
  const [id = ''] = ids();
  inReport.add(keyOf(measurement('a')));
  expect(drafts.supersede('1.2')).toEqual([id]);
  await drafts.flush();
  expect(onDisk()).toContainEqual(['b']);
});

it('what was drawn from a stored report is in it until it is changed', async () => {
  const { drafts, has, fires, onDisk } = viewer();
  const loaded = measurement('a', 1, { predecessorImageId: 'wadors:report' });
  has(loaded);
  fires('raw', { measurement: loaded });
  await drafts.flush();
  expect(onDisk()).toEqual([]);
  has(measurement('a', 2, { predecessorImageId: 'wadors:report' }));
  await drafts.flush();
  expect(onDisk()).toEqual([['a']]);
});

it('writes the last change when the viewer is left, though the measurements go at once', async () => {
  const { drafts, has, onDisk } = viewer();
  has(measurement('a'));
  const written = drafts.stop();
  has();
  await written;
  expect(onDisk()).toEqual([['a']]);
});
