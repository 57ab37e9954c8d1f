import type { StoreFailure } from '../store-server.ts';
import { OrthancError } from './orthanc-error.ts';
import { courierScene, each, waiting } from './testing/fakes.ts';

const failure = (upstreamStatus: number, more: Partial<StoreFailure> = {}): StoreFailure => ({
  reason: 'service',
  upstreamStatus,
  message: `answered ${upstreamStatus}`,
  retry: 'transient',
  ...more,
});
const both = [waiting('a'), waiting('b')];

describe('the courier', () => {
  it('records each outcome by itself', async () => {
    const scene = courierScene(() => ({
      instances: [{ outcome: 'stored' }, { outcome: 'rejected', failureReason: 43264 }],
    }));
    expect(await scene.deliver(both)).toEqual({ closed: [], isUnclear: false });
    expect(scene.transitions).toMatchObject([
      { id: 'a', to: 'sent' },
      { id: 'b', to: 'dead' },
    ]);
  });

  it('leaves out what Orthanc no longer has', async () => {
    const scene = courierScene(ids => ({ instances: each(ids, 'stored') }));
    await scene.deliver([waiting('gone-1'), waiting('a')]);
    expect(scene.transitions).toMatchObject([
      { id: 'gone-1', to: 'gone' },
      { id: 'a', to: 'sent' },
    ]);
  });

  it('records nothing over an outage, and closes the gate for as long as the service says', async () => {
    const scene = courierScene(ids => ({
      instances: each(ids, 'notSent'),
      failure: failure(503, { retryAfterMs: 120_000 }),
    }));
    expect(await scene.deliver(both)).toMatchObject({ closed: [scene.gate], isUnclear: false });
    expect(scene.transitions).toEqual([]);
    scene.clock.time += 119_999;
    expect(scene.gate.isOpen()).toBe(false);
    await scene.deliver(both);
    expect(scene.stored).toHaveLength(1);
  });

  it('counts a request that the service refuses for its content against its instances', async () => {
    const scene = courierScene(ids => ({ instances: each(ids, 'notSent'), failure: failure(400) }));
    await scene.deliver(both);
    expect(scene.transitions).toMatchObject([
      { id: 'a', to: 'waiting', counts: true },
      { id: 'b', to: 'waiting', counts: true },
    ]);
    expect(scene.gate.isOpen()).toBe(true);
  });

  it('takes a 500 for an outage as long as the service takes nothing else', async () => {
    const scene = courierScene(ids => ({ instances: each(ids, 'unknown'), failure: failure(500) }));
    expect(await scene.deliver(both)).toEqual({ closed: [scene.gate], isUnclear: true });
    expect(scene.transitions).toEqual([]);
  });

  it('takes a 500 for the fault of the instance when the service has taken others since', async () => {
    const scene = courierScene(ids =>
      ids.includes('poison')
        ? { instances: each(ids, 'unknown'), failure: failure(500) }
        : { instances: each(ids, 'stored') }
    );
    const poison = waiting('poison', { at: scene.clock.time - 10 });
    await scene.deliver([waiting('a')]);
    await scene.deliver([poison]);
    await scene.deliver([{ ...poison, attempts: 2 }]);
    expect(scene.transitions).toMatchObject([
      { id: 'a', to: 'sent' },
      { id: 'poison', to: 'waiting', counts: true },
      {
        id: 'poison',
        to: 'dead',
        reason: {
          text: 'answered 500 The service took other instances meanwhile: it fails over this one.',
        },
      },
    ]);
  });

  describe('with an instance that the service fails over, and nothing else to send', () => {
    const POISON = 'poison';
    /** Fails over what is named so; takes the rest, unless `isDown`. */
    const scene = () => {
      const down = { isDown: false };
      const courier = courierScene(ids =>
        down.isDown || ids.some(id => id.startsWith(POISON))
          ? { instances: each(ids, 'unknown'), failure: failure(500) }
          : { instances: each(ids, 'alreadyStored') }
      );
      return Object.assign(courier, { down });
    };
    const later = (courier: ReturnType<typeof scene>): void => void (courier.clock.time += 60_000);

    it('sends again what the service has taken before, and counts against the instance when that goes through', async () => {
      const it = scene();
      await it.deliver([waiting('a')]);
      later(it);
      const at = it.clock.time;
      for (let attempts = 0; attempts < 3; attempts += 1) {
        await it.deliver([waiting(POISON, { at: at + attempts * 60_000, attempts })]);
        expect(it.gate.isOpen()).toBe(true);
        later(it);
      }
      expect(it.stored).toEqual([['a'], [POISON], ['a'], [POISON], ['a'], [POISON], ['a']]);
      expect(it.transitions).toMatchObject([
        { id: 'a', to: 'sent' },
        { id: POISON, to: 'waiting', counts: true },
        { id: POISON, to: 'waiting', counts: true },
        { id: POISON, to: 'dead', reason: { text: expect.stringMatching(/fails over this one/) } },
      ]);
    });

    it('counts nothing while the service does not answer for that one either', async () => {
      const it = scene();
      await it.deliver([waiting('a')]);
      it.down.isDown = true;
      for (let attempt = 0; attempt < 20; attempt += 1) {
        later(it);
        await it.deliver([waiting(POISON, { at: it.clock.time })]);
      }
      expect(it.transitions).toMatchObject([{ id: 'a', to: 'sent' }]);
      expect(it.gate.status()).toMatchObject({ state: 'paused', failures: 20 });
    });

    it('does not bring back what was deleted in the service', async () => {
      const it = scene();
      await it.deliver([waiting('a')]);
      it.deleted.add('uid-a');
      later(it);
      await it.deliver([waiting(POISON, { at: it.clock.time })]);
      expect(it.stored).toEqual([['a'], [POISON]]);
      expect(it.transitions).toMatchObject([{ id: 'a', to: 'sent' }]);
    });

    it('counts nothing when several fail alone and none is taken: the service may only answer for what it has', async () => {
      const it = scene();
      await it.deliver([waiting('a')]);
      for (let attempt = 0; attempt < 10; attempt += 1) {
        later(it);
        const at = it.clock.time;
        await it.deliver([waiting(`${POISON}-1`, { at }), waiting(`${POISON}-2`, { at })]);
      }
      const counted = it.transitions.filter(each => each.to === 'waiting');
      // Once, before the second of them had failed.
      expect(counted).toHaveLength(1);
      expect(it.transitions.some(({ to }) => to === 'dead')).toBe(false);
    });

    it('counts nothing when nothing was ever taken', async () => {
      const it = scene();
      for (let attempt = 0; attempt < 10; attempt += 1) {
        later(it);
        await it.deliver([waiting(POISON, { at: it.clock.time })]);
      }
      expect(it.transitions).toEqual([]);
    });

    it('finds it among the others of its study: one by one, another one first each time', async () => {
      const it = scene();
      const study = () => [POISON, 'b', 'c', 'd'].map(id => waiting(id, { at: it.clock.time }));
      await it.deliver(study());
      later(it);
      await it.deliver(study());
      later(it);
      const third = study();
      later(it);
      await it.deliver(third);
      expect(it.stored).toEqual([[POISON, 'b', 'c', 'd'], [POISON], ['b'], ['c', 'd', POISON]]);
      expect(it.transitions.slice(0, 1)).toMatchObject([{ id: 'b', to: 'sent' }]);
      expect(it.transitions.slice(1)).toMatchObject(
        ['c', 'd', POISON].map(id => ({ id, to: 'waiting', counts: true }))
      );
    });

    it('puts one that is tried apart behind the others', async () => {
      const it = scene();
      await it.deliver([waiting(POISON, { attempts: 1, retryAt: 5, at: it.clock.time })]);
      expect(it.transitions).toMatchObject([{ id: POISON, retryInMs: 0, counts: false }]);
    });
  });

  it('records what was stored before the line broke', async () => {
    const scene = courierScene(() => ({
      instances: [{ outcome: 'stored' }, { outcome: 'notSent' }],
      failure: { reason: 'not-connected', message: 'gone', retry: 'transient' },
    }));
    await scene.deliver(both);
    expect(scene.transitions).toMatchObject([{ id: 'a', to: 'sent' }]);
    expect(scene.gate.status().state).toBe('paused');
  });

  it('keeps a fact until the disk takes it', async () => {
    const scene = courierScene(ids => ({ instances: each(ids, 'stored') }));
    scene.failRecords(5);
    await scene.deliver([waiting('a')]);
    expect(scene.transitions).toMatchObject([{ id: 'a', to: 'sent' }]);
    expect(scene.stored).toHaveLength(1);
  });

  it('counts against the one instance whose file Orthanc cannot give', async () => {
    const scene = courierScene(
      () => new OrthancError('ERR_RELAY_ORTHANC_INSTANCE', 'status 500', { instance: 'b' })
    );
    await scene.deliver(both);
    expect(scene.transitions).toMatchObject([{ id: 'b', to: 'waiting', counts: true }]);
  });

  it('passes on that Orthanc broke off, and counts it against nobody', async () => {
    const scene = courierScene(() => new Error('aborted'));
    await expect(scene.deliver(both)).rejects.toMatchObject({
      code: 'ERR_RELAY_ORTHANC_UNREACHABLE',
    });
    expect(scene.transitions).toEqual([]);
  });
});
