import { createDicomwebClient } from './client.ts';
import type { DicomwebClientOptions } from './client.ts';
import type { AuthorizationSource, Waiting } from './exchange.ts';
import { ProjectError } from '@ohif-azure/core';
import { fakeClock } from '../testing/fake-clock.ts';
import { srInstance } from '../testing/part10-builder.ts';
import { startPeer } from '../testing/scripted-peer.ts';
import type { Peer, Step } from '../testing/scripted-peer.ts';
import { storeResponse } from '../testing/store-responses.ts';

const OK: Step = { status: 200, body: storeResponse([{ uid: '2.25.300' }]) };
const UNAUTHORIZED: Step = { status: 401 };
const BUSY: Step = { status: 503 };

let peer: Peer;
beforeEach(async () => {
  peer = await startPeer();
});
afterEach(async () => {
  await peer.close();
});

const client = (options: Partial<DicomwebClientOptions> = {}) =>
  createDicomwebClient({
    serviceUrl: peer.url,
    clock: fakeClock(),
    random: () => 0.5,
    ...options,
  });
const storeOne = (options: Partial<DicomwebClientOptions> = {}) =>
  client(options).store([{ bytes: srInstance() }]);
const sentAuthorization = () => peer.requests.map(({ headers }) => headers.authorization);

type AuthorizationRequest = Parameters<AuthorizationSource>[0];

/** Gives `Bearer 1`, `Bearer 2`, ... and notes what it was asked. */
function countingSource(): AuthorizationSource & { asked: AuthorizationRequest[] } {
  const asked: AuthorizationRequest[] = [];
  const source: AuthorizationSource = request => {
    asked.push(request);
    return Promise.resolve(`Bearer ${asked.length}`);
  };
  return Object.assign(source, { asked });
}

describe('authorization', () => {
  it('asks for each request by operation and study', async () => {
    const authorization = countingSource();
    peer.script('POST', OK);
    peer.script('GET', { status: 204 }, { status: 404 });
    peer.script('DELETE', { status: 204 });
    const one = client({ authorization });
    await one.store([{ bytes: srInstance() }]);
    await one.searchForSeries({ studyInstanceUID: '2.25.1' });
    await one.settle({ sopInstanceUID: '1.3', seriesInstanceUID: '1.2', studyInstanceUID: '1.1' });
    await one.deleteStudy({ studyInstanceUID: '2.25.2' });
    expect(
      authorization.asked.map(({ operation, studyInstanceUID, renew }) => [
        operation,
        studyInstanceUID,
        renew,
      ])
    ).toEqual([
      ['store', '2.25.100', false],
      ['search', '2.25.1', false],
      ['retrieve', '1.1', false],
      ['delete', '2.25.2', false],
    ]);
    expect(sentAuthorization()).toEqual(['Bearer 1', 'Bearer 2', 'Bearer 3', 'Bearer 4']);
  });

  it('names no study for instances of several', async () => {
    const authorization = countingSource();
    peer.script('POST', { status: 403 });
    await expect(
      client({ authorization }).store([{ bytes: srInstance() }, { bytes: new Uint8Array(0) }])
    ).rejects.toMatchObject({ code: 'ERR_STORE_FORBIDDEN' });
    expect(authorization.asked[0]?.studyInstanceUID).toBeUndefined();
  });

  it('renews once after 401 and sends the same body again', async () => {
    const authorization = countingSource();
    peer.script('POST', UNAUTHORIZED, OK);
    const { instances } = await storeOne({ authorization });
    expect(instances[0]?.outcome).toBe('stored');
    expect(authorization.asked.map(({ renew }) => renew)).toEqual([false, true]);
    expect(sentAuthorization()).toEqual(['Bearer 1', 'Bearer 2']);
    expect(peer.requests[1]?.body.equals(peer.requests[0]?.body ?? Buffer.of())).toBe(true);
  });

  it('gives up at the second 401', async () => {
    peer.script('POST', UNAUTHORIZED, UNAUTHORIZED);
    await expect(storeOne({ authorization: countingSource() })).rejects.toMatchObject({
      code: 'ERR_STORE_UNAUTHORIZED',
      message: `STOW-RS POST ${peer.url}/studies: 401 Unauthorized after renewing the access token, 0 of 1 SOP Instances stored`,
    });
    expect(peer.unexpected).toEqual([]);
  });

  it('does not send again when there is nothing to renew with', async () => {
    peer.script('POST', UNAUTHORIZED);
    await expect(
      storeOne({ authorization: ({ renew }) => Promise.resolve(renew ? undefined : 'Bearer x') })
    ).rejects.toMatchObject({ code: 'ERR_STORE_UNAUTHORIZED' });
    expect(peer.requests).toHaveLength(1);
  });

  it('neither renews nor repeats after 403', async () => {
    const authorization = countingSource();
    peer.script('POST', { status: 403 });
    await expect(storeOne({ authorization })).rejects.toMatchObject({
      code: 'ERR_STORE_FORBIDDEN',
    });
    expect(authorization.asked).toHaveLength(1);
    expect(peer.requests).toHaveLength(1);
  });

  it('sends no header when the source gives none', async () => {
    peer.script('POST', OK);
    await storeOne({ authorization: () => Promise.resolve(undefined) });
    expect(sentAuthorization()).toEqual([undefined]);
  });

  class SignInRequired extends ProjectError {
    override readonly code = 'ERR_AUTH_SIGNIN_REQUIRED';
    override readonly retry = 'permanent';
  }
  it('passes through what the source throws, at first and at renewal, and sends nothing', async () => {
    const error = new SignInRequired('sign in');
    await expect(storeOne({ authorization: () => Promise.reject(error) })).rejects.toBe(error);
    expect(peer.requests).toHaveLength(0);
    peer.script('POST', UNAUTHORIZED);
    await expect(
      storeOne({
        authorization: ({ renew }) => (renew ? Promise.reject(error) : Promise.resolve('Bearer x')),
      })
    ).rejects.toBe(error);
  });

  it.each([['Bearer a\r\nX-Injected: 1'], ['Bearer a\nb'], [''], ['Bearer é']])(
    'RFC 9110 5.5: refuses %j as a header value without repeating it',
    async value => {
      const error: unknown = await storeOne({ authorization: () => Promise.resolve(value) }).catch(
        (reason: unknown) => reason
      );
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).not.toContain('Bearer a');
      expect(peer.requests).toHaveLength(0);
    }
  );
});

describe('throttling', () => {
  const START = Date.UTC(2026, 0, 1, 12, 0, 0);
  const WAITS = [
    ['RFC 9110 10.2.3 seconds', ['3'], [3000]],
    ['RFC 9110 10.2.3 date', ['Thu, 01 Jan 2026 12:00:20 GMT'], [20_000]],
    ['RFC 9110 10.2.3 date in the past', ['Thu, 01 Jan 2026 11:00:00 GMT'], [0]],
    ['RFC 9110 10.2.3 zero', ['0'], [0]],
    ['unreadable: back-off', ['-5'], [250]],
    ['unreadable: back-off', ['soon'], [250]],
    ['absent: back-off doubles', [undefined, undefined, undefined], [250, 500, 1000]],
    ['up to a minute in all', ['30', '30'], [30_000, 30_000]],
  ] as const;
  it.each(WAITS)('%s: %j -> %j ms', async (_cite, answers, waits) => {
    const clock = fakeClock(START);
    const waiting: Waiting[] = [];
    peer.script(
      'POST',
      ...answers.map((value): Step => ({
        status: 429,
        headers: value === undefined ? {} : { 'Retry-After': value },
      })),
      OK
    );
    await client({ clock }).store([{ bytes: srInstance() }], {
      onWaiting: pause => waiting.push(pause),
    });
    expect(clock.waits).toEqual(waits);
    expect(waiting.map(({ attempt }) => attempt)).toEqual(waits.map((_wait, index) => index + 1));
    expect(waiting[0]?.untilMs).toBe(START + (waits[0] ?? 0));
    expect(waiting[0]?.httpStatus).toBe(429);
  });

  it('does not cut a wish short that does not fit: 30 s, 20 s, then 20 s of a minute', async () => {
    const clock = fakeClock();
    const after = (seconds: string): Step => ({ status: 503, headers: { 'Retry-After': seconds } });
    peer.script('POST', after('30'), after('20'), after('20'));
    await expect(storeOne({ clock })).rejects.toMatchObject({
      code: 'ERR_STORE_THROTTLED',
      retryAfterMs: 20_000,
    });
    expect(clock.waits).toEqual([30_000, 20_000]);
  });

  it('has full jitter: from nothing to the ceiling', async () => {
    for (const [random, waits] of [
      [0, [0, 0, 0, 0, 0]],
      [0.999999, [500, 1000, 2000, 4000, 8000]],
    ] as const) {
      const clock = fakeClock();
      peer.script('POST', BUSY, BUSY, BUSY, BUSY, BUSY, BUSY);
      await expect(storeOne({ clock, random: () => random })).rejects.toMatchObject({
        code: 'ERR_STORE_THROTTLED',
      });
      expect(clock.waits).toEqual(waits);
    }
  });

  it('asks for the access token again after each pause', async () => {
    const authorization = countingSource();
    peer.script('POST', BUSY, UNAUTHORIZED, BUSY, OK);
    await storeOne({ authorization });
    expect(authorization.asked.map(({ renew }) => renew)).toEqual([false, false, true, false]);
  });

  it('holds for searches, too', async () => {
    peer.script('GET', BUSY, { status: 204 });
    expect(await client().searchForStudies()).toEqual([]);
    peer.script('GET', BUSY);
    await expect(client({ retry: { maxRetries: 0 } }).searchForStudies()).rejects.toMatchObject({
      code: 'ERR_SEARCH_THROTTLED',
      httpStatus: 503,
    });
  });
});

describe('abort', () => {
  const reason = new Error('closed by the user');

  it('before anything is sent', async () => {
    await expect(
      client().store([{ bytes: srInstance() }], { signal: AbortSignal.abort(reason) })
    ).rejects.toBe(reason);
    expect(peer.requests).toHaveLength(0);
  });

  it('while waiting for a throttled server', async () => {
    const controller = new AbortController();
    peer.script('POST', BUSY);
    await expect(
      client({
        clock: { now: () => 0 },
        random: () => 0.9,
        retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 },
      }).store([{ bytes: srInstance() }], {
        signal: controller.signal,
        onWaiting: () => controller.abort(reason),
      })
    ).rejects.toBe(reason);
    expect(peer.requests).toHaveLength(1);
  });

  it('while a body is on its way leaves the outcome unknown, and does not ask', async () => {
    const controller = new AbortController();
    const transport = {
      send: () => {
        controller.abort(reason);
        return Promise.reject(reason);
      },
    };
    const error: unknown = await client({ transport })
      .store([{ bytes: srInstance() }], { signal: controller.signal })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_STORE_OUTCOME_UNKNOWN', retry: 'ambiguous' });
    expect((error as Error).cause).toMatchObject({ code: 'ERR_DICOMWEB_TRANSPORT', cause: reason });
  });

  it('of a search in flight', async () => {
    const controller = new AbortController();
    const searching = client({
      authorization: () => {
        queueMicrotask(() => controller.abort(reason));
        return Promise.resolve(undefined);
      },
    }).searchForStudies({ signal: controller.signal });
    await expect(searching).rejects.toBe(reason);
  });
});

describe('a transport of one’s own', () => {
  it('that throws something else counts as: not known whether the body was sent', async () => {
    const sent: string[] = [];
    const transport = {
      send: ({ method }: { method: string }) => {
        sent.push(method);
        return Promise.reject(new Error('socket'));
      },
    };
    await expect(storeOne({ transport })).rejects.toMatchObject({
      code: 'ERR_STORE_OUTCOME_UNKNOWN',
    });
    expect(sent).toEqual(['POST', 'GET', 'GET', 'GET']);
  });

  it('that is of another bundle is believed when it says that nothing was sent', async () => {
    const transport = {
      send: () => Promise.reject(Object.assign(new Error('socket'), { bodySent: 'no' })),
    };
    await expect(storeOne({ transport })).rejects.toMatchObject({ code: 'ERR_STORE_UNREACHABLE' });
  });
});
