import type { AccessTokenSource, TokenSourceOptions } from './index.ts';
import { clientCredentialsSource } from './index.ts';
import { ManualClock, stoppedClock } from './testing/manual-clock.ts';
import type { Answer } from './testing/scripted-endpoint.ts';
import { issued, refused, ScriptedEndpoint } from './testing/scripted-endpoint.ts';

const busy = (headers?: Record<string, string>, status = 503): Answer => ({ status, headers });
const TRANSIENT = { code: 'ERR_AUTH_PROVIDER_UNREACHABLE', retry: 'transient' };

describe('renewal', () => {
  let endpoint: ScriptedEndpoint;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    endpoint = await new ScriptedEndpoint().start();
  });
  afterEach(() => endpoint.stop());

  const source = (options: TokenSourceOptions = {}): AccessTokenSource =>
    clientCredentialsSource({
      tokenEndpoint: endpoint.url,
      clientId: 'relay',
      clientSecret: 'secret',
      scope: 'scope',
      clock,
      random: () => 0.5,
      ...options,
    });

  const date = (ms: number): string => new Date(clock.time + ms).toUTCString();
  // prettier-ignore
  const REPEATED: readonly (readonly [cite: string, failures: () => Answer[], waits: readonly number[]])[] = [
    ['RFC 6585 4: 429', () => [busy({}, 429)], [250]],
    ['RFC 9110 15.6.4: 503', () => [busy()], [250]],
    ['RFC 9110 15.6.1: 500', () => [busy({}, 500)], [250]],
    ['RFC 9110 15.6.5: 504', () => [busy({}, 504)], [250]],
    ['RFC 9110 10.2.3: seconds', () => [busy({ 'Retry-After': '7' }, 429)], [7000]],
    ['RFC 9110 10.2.3: date', () => [busy({ 'Retry-After': date(9000) })], [9000]],
    ['RFC 9110 10.2.3: unreadable', () => [busy({ 'Retry-After': 'soon' })], [250]],
    ['RFC 6749 4.1.2.1: temporarily_unavailable', () => [refused('temporarily_unavailable')], [250]],
    ['the ceiling doubles', () => Array.from({ length: 5 }, () => busy()), [250, 500, 1000, 2000, 4000]],
    ['Retry-After, then without', () => [busy({ 'Retry-After': '1' }), busy()], [1000, 500]],
  ];
  it.each(REPEATED)('asks again after %s', async (_cite, failures, waits) => {
    endpoint.answers = [...failures(), issued('late')];
    await expect(source().accessToken()).resolves.toBe('late');
    expect(clock.waits).toEqual(waits);
    expect(endpoint.requests).toHaveLength(waits.length + 1);
  });

  // prettier-ignore
  const NOT_REPEATED: readonly (readonly [cite: string, answer: Answer])[] = [
    ['RFC 6749 5.2: invalid_client', refused('invalid_client', 'AADSTS7000215: x', 401)],
    ['RFC 6749 5.2: invalid_scope', refused('invalid_scope')],
    ['RFC 9110 15.5.5: 404', { status: 404 }],
    ['RFC 6749 5.1: not JSON', { body: '<html>' }],
    ['no answer', { destroy: true }],
  ];
  it.each(NOT_REPEATED)('asks once: %s', async (_cite, answer) => {
    endpoint.answers = [answer];
    await expect(source().accessToken()).rejects.toThrow();
    expect(endpoint.requests).toHaveLength(1);
    expect(clock.waits).toEqual([]);
  });

  it('gives up after five repetitions', async () => {
    endpoint.answers = [busy()];
    await expect(source().accessToken()).rejects.toMatchObject({ ...TRANSIENT, status: 503 });
    expect(endpoint.requests).toHaveLength(6);
  });

  it('gives up when the next wait does not fit into the minute', async () => {
    endpoint.answers = [busy({ 'Retry-After': '25' }, 429)];
    await expect(source().accessToken()).rejects.toMatchObject({ ...TRANSIENT, status: 429 });
    expect(clock.waits).toEqual([25_000, 25_000]);
    expect(endpoint.requests).toHaveLength(3);
  });

  it('leaves the provider alone for as long as it wished, also in later calls', async () => {
    endpoint.answers = [busy({ 'Retry-After': '120' }), issued('late')];
    const { accessToken } = source();
    await expect(accessToken()).rejects.toMatchObject(TRANSIENT);
    await expect(accessToken()).rejects.toMatchObject(TRANSIENT);
    expect(endpoint.requests).toHaveLength(1);
    expect(clock.waits).toEqual([]);
    clock.time += 90_000;
    await expect(accessToken()).resolves.toBe('late');
    expect(clock.waits).toEqual([30_000]);
  });

  it('asks at once when the clock was set back meanwhile', async () => {
    endpoint.answers = [busy({ 'Retry-After': '120' }), issued('late')];
    const { accessToken } = source();
    await expect(accessToken()).rejects.toMatchObject(TRANSIENT);
    clock.time -= 3_600_000;
    await expect(accessToken()).resolves.toBe('late');
  });

  it('takes the policy it is given', async () => {
    endpoint.answers = [busy()];
    const { accessToken } = source({ retry: { maxRetries: 1, baseDelayMs: 100 } });
    await expect(accessToken()).rejects.toMatchObject(TRANSIENT);
    expect(clock.waits).toEqual([50]);
  });

  it('serves all who ask during a back-off by the same requests', async () => {
    endpoint.answers = [busy(), busy(), issued('late')];
    const { accessToken } = source();
    const joined: Promise<string>[] = [];
    clock.onWait = () => void joined.push(accessToken(), accessToken());
    await expect(accessToken()).resolves.toBe('late');
    await expect(Promise.all(joined)).resolves.toEqual(['late', 'late', 'late', 'late']);
    expect(endpoint.requests).toHaveLength(3);
  });

  describe('while something valid is at hand', () => {
    let accessToken: AccessTokenSource['accessToken'];
    beforeEach(async () => {
      ({ accessToken } = source());
      await accessToken();
      clock.time += 3_400_000;
      endpoint.requests.length = 0;
    });

    it('nobody waits for a back-off, and the provider is left alone', async () => {
      endpoint.answers = [busy({ 'Retry-After': '20' }), issued('two')];
      await expect(accessToken()).resolves.toBe('one');
      await expect(accessToken()).resolves.toBe('one');
      expect(endpoint.requests).toHaveLength(1);
      clock.time += 20_000;
      await expect(accessToken()).resolves.toBe('two');
      expect(clock.waits).toEqual([]);
    });

    it('the same holds when nobody answers', async () => {
      endpoint.answers = [{ destroy: true }, issued('two')];
      await expect(accessToken()).resolves.toBe('one');
      await expect(accessToken()).resolves.toBe('one');
      expect(endpoint.requests).toHaveLength(1);
      clock.time += 250;
      await expect(accessToken()).resolves.toBe('two');
    });

    it('it is given out though another caller, who needs a new one, waits on', async () => {
      endpoint.answers = [busy(), issued('two')];
      const order: string[] = [];
      const needy = accessToken({ renew: true }).then(value => order.push(value));
      const calm = accessToken().then(value => order.push(value));
      clock.onWait = async () => void (await calm);
      await Promise.all([needy, calm]);
      expect(order).toEqual(['one', 'two']);
      expect(endpoint.requests).toHaveLength(2);
    });
  });

  describe('AbortSignal', () => {
    it('ends a back-off', async () => {
      const stopped = stoppedClock(clock.time);
      endpoint.answers = [busy(), issued('late')];
      const { accessToken } = source({ clock: stopped.clock });
      const controller = new AbortController();
      const result = accessToken({ signal: controller.signal });
      await stopped.waiting;
      controller.abort(new Error('enough'));
      await expect(result).rejects.toThrow('enough');
      expect(endpoint.requests).toHaveLength(1);
    });

    it('hangs up when nobody waits any more, and not before', async () => {
      endpoint.answers = [{ silent: true }, issued('next')];
      const { accessToken } = source();
      const controllers = [new AbortController(), new AbortController()] as const;
      const arrived = endpoint.nextRequest();
      const results = controllers.map(({ signal }) => accessToken({ signal }));
      await arrived;
      let isHungUp = false;
      const hangUp = endpoint.hangUp().then(() => (isHungUp = true));
      controllers[0].abort(new Error('first'));
      await expect(results[0]).rejects.toThrow('first');
      expect(isHungUp).toBe(false);
      controllers[1].abort(new Error('second'));
      await expect(results[1]).rejects.toThrow('second');
      await hangUp;
      await expect(accessToken()).resolves.toBe('next');
    });

    it('does not touch the one who asks right after', async () => {
      endpoint.answers = [{ silent: true }, issued('next')];
      const { accessToken } = source();
      const controller = new AbortController();
      const arrived = endpoint.nextRequest();
      const result = accessToken({ signal: controller.signal }).catch(() => accessToken());
      await arrived;
      controller.abort();
      await expect(result).resolves.toBe('next');
    });
  });
});
