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
      { id: 'poison', to: 'dead', reason: { text: 'answered 500' } },
    ]);
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
