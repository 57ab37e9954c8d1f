import type { Feed, Ledger, SeenInstance, Transition } from '../ledger.ts';

/** Opens a ledger on the same folder or database each time; the first time it is empty. Quiet timers are 0. */
export interface LedgerUnderTest {
  open(): Promise<Ledger>;
}

const STUDY = 'aaaaaaaa-00000000-00000000-00000000-00000001';
const OTHER_STUDY = 'aaaaaaaa-00000000-00000000-00000000-00000002';
const START: Feed = { cursor: 0, epoch: 0 };
const WHY = { code: 'test', text: 'for the test' };

/** Orthanc's name of the nth instance. */
export const instanceId = (n: number): string =>
  `bbbbbbbb-00000000-00000000-00000000-${String(n).padStart(8, '0')}`;

const seen = (n: number, seq = n, study = STUDY): SeenInstance => ({
  id: instanceId(n),
  study,
  seq,
});
const sent = (n: number): Transition => ({
  id: instanceId(n),
  to: 'sent',
  server: 'azure-dicom',
  bytes: 100,
});
const failed = (n: number, retryInMs = 0) =>
  ({
    id: instanceId(n),
    to: 'waiting',
    retryInMs,
    reason: WHY,
    counts: true,
  }) as const satisfies Transition;
const dead = (n: number): Transition => ({ id: instanceId(n), to: 'dead', reason: WHY });

/** What the router relies on, whatever keeps the ledger. */
export function describeLedger(name: string, make: () => Promise<LedgerUnderTest>): void {
  describe(`${name} as a ledger`, () => {
    let ledger: Ledger;
    let under: LedgerUnderTest;

    beforeEach(async () => {
      under = await make();
      ledger = await under.open();
    });
    afterEach(() => ledger.close());

    const again = async (): Promise<void> => {
      await ledger.close();
      ledger = await under.open();
    };
    const states = async (): Promise<string[]> =>
      (await ledger.list()).map(({ id, state }) => `${Number(id.slice(-8))} ${state}`);

    it('records instances and the cursor together, and has both after it was opened again', async () => {
      await ledger.recordFeed(START, { cursor: 7, epoch: 0 }, [seen(1), seen(2)]);
      await again();
      expect(await ledger.feed()).toEqual({ cursor: 7, epoch: 0 });
      expect(await states()).toEqual(['1 waiting', '2 waiting']);
    });

    it('records nothing of a page that another has recorded already', async () => {
      await ledger.recordFeed(START, { cursor: 2, epoch: 0 }, [seen(1)]);
      await ledger.recordFeed(START, { cursor: 5, epoch: 0 }, [seen(9)]);
      expect(await ledger.feed()).toEqual({ cursor: 2, epoch: 0 });
      expect(await states()).toEqual(['1 waiting']);
    });

    it('takes the same change read twice for nothing new, and a later one for an instance that came again', async () => {
      await ledger.recordFeed(START, { cursor: 2, epoch: 0 }, [seen(1, 1), seen(2, 2)]);
      await ledger.record([sent(1), sent(2)]);
      await ledger.recordFeed({ cursor: 2, epoch: 0 }, { cursor: 3, epoch: 0 }, [
        seen(1, 1),
        seen(2, 3),
      ]);
      expect(await states()).toEqual(['1 sent', '2 waiting']);
    });

    it('sends what is in a reset database again, though its numbers are lower', async () => {
      await ledger.recordFeed(START, { cursor: 90, epoch: 0 }, [seen(1, 90)]);
      await ledger.record([sent(1)]);
      await ledger.recordFeed({ cursor: 90, epoch: 0 }, { cursor: 0, epoch: 1 }, []);
      await ledger.recordFeed({ cursor: 0, epoch: 1 }, { cursor: 4, epoch: 1 }, [seen(1, 4)]);
      expect(await ledger.feed()).toEqual({ cursor: 4, epoch: 1 });
      expect(await states()).toEqual(['1 waiting']);
    });

    it('records what reconciliation has found, and only what is missing or was gone', async () => {
      await ledger.recordFeed(START, { cursor: 3, epoch: 0 }, [seen(1), seen(2), seen(3)]);
      await ledger.record([sent(1), { id: instanceId(2), to: 'gone', reason: WHY }]);
      const ids = [1, 2, 3, 4].map(instanceId);
      expect(await ledger.unknown(ids)).toEqual([instanceId(2), instanceId(4)]);
      expect(await ledger.recordFound([seen(1, 0), seen(2, 0), seen(4, 0)])).toBe(2);
      expect(await states()).toEqual(['1 sent', '2 waiting', '3 waiting', '4 waiting']);
    });

    it('gives a study to one worker at a time, and again after it was released', async () => {
      await ledger.recordFeed(START, { cursor: 3, epoch: 0 }, [
        seen(1),
        seen(2),
        seen(3, 3, OTHER_STUDY),
      ]);
      const claims = [await ledger.claim(10), await ledger.claim(10), await ledger.claim(10)];
      expect(claims.map(claim => claim?.study).sort()).toEqual([STUDY, OTHER_STUDY, undefined]);
      await claims.find(claim => claim?.study === STUDY)?.release();
      const next = await ledger.claim(10);
      expect(next?.entries.map(({ id }) => id)).toEqual([instanceId(1), instanceId(2)]);
      expect(await next?.renew()).toBe(true);
    });

    it('leaves out studies that are not wanted now', async () => {
      await ledger.recordFeed(START, { cursor: 1, epoch: 0 }, [seen(1)]);
      expect(await ledger.claim(10, new Set([STUDY]))).toBeUndefined();
    });

    it('gives what never failed together, and what failed alone', async () => {
      await ledger.recordFeed(
        START,
        { cursor: 4, epoch: 0 },
        [1, 2, 3, 4].map(n => seen(n))
      );
      await ledger.record([failed(1), failed(2)]);
      const first = await ledger.claim(10);
      expect(first?.entries.map(({ seq }) => seq)).toEqual([3, 4]);
      await ledger.record([sent(3), sent(4)]);
      await first?.release();
      const second = await ledger.claim(10);
      expect(second?.entries).toHaveLength(1);
      expect(second?.entries[0]).toMatchObject({ attempts: 1, reason: WHY });
    });

    it('gives first, of those that failed, the one that has been due for longest', async () => {
      await ledger.recordFeed(START, { cursor: 2, epoch: 0 }, [seen(1), seen(2)]);
      await ledger.record([failed(1), failed(2)]);
      const order: (number | undefined)[] = [];
      for (let turn = 0; turn < 4; turn += 1) {
        const begin = Date.now();
        while (Date.now() === begin) await new Promise(setImmediate);
        const claim = await ledger.claim(10);
        const [entry] = claim?.entries ?? [];
        order.push(entry?.seq);
        await ledger.record([{ ...failed(entry?.seq ?? 0), counts: false }]);
        await claim?.release();
      }
      expect(new Set(order.slice(0, 2))).toEqual(new Set([1, 2]));
      expect(order.slice(2)).toEqual(order.slice(0, 2));
      expect(await ledger.list()).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
    });

    it('keeps an instance back whose time has not come', async () => {
      await ledger.recordFeed(START, { cursor: 1, epoch: 0 }, [seen(1)]);
      await ledger.record([failed(1, 60_000)]);
      expect(await ledger.claim(10)).toBeUndefined();
      expect(await ledger.summary()).toMatchObject({ retrying: 1, counts: { waiting: 1 } });
    });

    it('retries and drops what is meant, and nothing else', async () => {
      await ledger.recordFeed(
        START,
        { cursor: 5, epoch: 0 },
        [1, 2, 3, 4, 5].map(n => seen(n))
      );
      await ledger.record([dead(1), dead(2), dead(3), sent(4), failed(5, 60_000)]);
      expect(await ledger.retry({ state: 'dead', ids: [instanceId(1), instanceId(4)] })).toBe(1);
      expect(await ledger.drop({ state: 'dead', ids: [instanceId(2)] })).toBe(1);
      expect(await ledger.retry({ state: 'waiting', study: STUDY })).toBe(2);
      await again();
      expect(await states()).toEqual(['1 waiting', '2 dropped', '3 dead', '4 sent', '5 waiting']);
      const claim = await ledger.claim(10);
      expect(claim?.entries.map(({ attempts }) => attempts)).toEqual([0, 0]);
    });

    it('lets an operator’s decision stand against a late failure, but not against a fact', async () => {
      await ledger.recordFeed(START, { cursor: 2, epoch: 0 }, [seen(1), seen(2)]);
      await ledger.drop({ state: 'waiting' });
      await ledger.record([failed(1), sent(2)]);
      expect(await states()).toEqual(['1 dropped', '2 sent']);
    });

    it('marks what an operator has released', async () => {
      await ledger.recordFeed(START, { cursor: 1, epoch: 0 }, [seen(1)]);
      await ledger.record([{ id: instanceId(1), to: 'held', reason: { code: 'rule', text: 'r' } }]);
      await ledger.retry({ state: 'held' });
      expect((await ledger.list())[0]).toMatchObject({
        state: 'waiting',
        reason: { code: 'released' },
      });
    });

    it('remembers de-identified studies and copies until they are removed', async () => {
      await ledger.recordFeed(START, { cursor: 1, epoch: 0 }, [seen(1)]);
      expect(await ledger.recordDeidentifiedStudy(STUDY, '2.25.1')).toBe('2.25.1');
      expect(await ledger.recordDeidentifiedStudy(STUDY, '2.25.2')).toBe('2.25.1');
      expect(await ledger.isDeidentifiedStudy('2.25.1')).toBe(true);
      expect(await ledger.isDeidentifiedStudy('2.25.2')).toBe(false);
      await ledger.record([{ id: instanceId(1), to: 'copied', copy: instanceId(9) }]);
      expect((await ledger.claim(10))?.deidentifiedStudyUID).toBe('2.25.1');
      expect(await ledger.copiesToRemove(10)).toEqual([]);
      await ledger.record([sent(1)]);
      await again();
      expect(await ledger.copiesToRemove(10)).toMatchObject([{ copy: instanceId(9) }]);
      await ledger.record([{ id: instanceId(1), to: 'copied', copy: undefined }]);
      expect(await ledger.copiesToRemove(10)).toEqual([]);
    });

    it('pages, filters and counts', async () => {
      await ledger.recordFeed(
        START,
        { cursor: 5, epoch: 0 },
        [1, 2, 3, 4, 5].map(n => seen(n))
      );
      await ledger.record([sent(2), dead(4)]);
      expect(await ledger.list({ state: 'waiting', limit: 2 })).toMatchObject([
        { seq: 1 },
        { seq: 3 },
      ]);
      expect(await ledger.list({ limit: 2, after: instanceId(2) })).toMatchObject([
        { seq: 3 },
        { seq: 4 },
      ]);
      expect((await ledger.summary()).counts).toMatchObject({
        waiting: 3,
        sent: 1,
        dead: 1,
        held: 0,
      });
    });

    it('adds up what was sent and given up over time', async () => {
      await ledger.recordFeed(START, { cursor: 3, epoch: 0 }, [seen(1), seen(2), seen(3)]);
      await ledger.record([sent(1), sent(2), dead(3)]);
      const buckets = await ledger.throughput(600_000, 6);
      expect(buckets).toHaveLength(6);
      expect(buckets.at(-1)).toMatchObject({ instances: 2, bytes: 200, dead: 1 });
      expect(buckets[0]).toMatchObject({ instances: 0, dead: 0 });
    });

    it('forgets what it is told to, also which de-identified study was whose', async () => {
      await ledger.recordFeed(START, { cursor: 2, epoch: 0 }, [seen(1), seen(2)]);
      await ledger.recordDeidentifiedStudy(STUDY, '2.25.1');
      await ledger.record([sent(1), sent(2)]);
      expect(await ledger.ended(Date.now() + 60_000, 1)).toHaveLength(1);
      expect(await ledger.ended(0, 10)).toEqual([]);
      await ledger.forget([instanceId(1), instanceId(2)]);
      await again();
      expect(await states()).toEqual([]);
      expect(await ledger.isDeidentifiedStudy('2.25.1')).toBe(false);
    });
  });
}
