import { setImmediate } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { fetchTransport } from './fetch-transport.ts';
import { startPeer } from '../testing/scripted-peer.ts';
import type { Peer } from '../testing/scripted-peer.ts';

let peer: Peer;
beforeEach(async () => {
  peer = await startPeer();
});
afterEach(async () => {
  await peer.close();
});

const BODY = [new Uint8Array(1000), new Uint8Array(500)];
const post = (url = peer.url, signal?: AbortSignal) =>
  fetchTransport().send({ method: 'POST', url, headers: { 'X-A': 'b' }, body: BODY, signal });
const code = 'ERR_DICOMWEB_TRANSPORT';
/** All but the time-outs. */
const REAL = [
  ...(['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'Date'] as const),
  ...(['performance', 'hrtime', 'setInterval', 'clearInterval'] as const),
];

describe('fetchTransport', () => {
  it('sends the pieces as one body, and reports progress at the answer', async () => {
    peer.script('POST', { status: 202, headers: { 'X-C': 'd' }, body: 'yes' });
    const progress: number[] = [];
    const response = await fetchTransport().send({
      method: 'POST',
      url: peer.url,
      headers: { 'X-A': 'b' },
      body: BODY,
      onUploadProgress: sent => progress.push(sent),
    });
    expect(response.status).toBe(202);
    expect(response.headers.get('x-c')).toBe('d');
    expect(Buffer.from(await response.bytes()).toString()).toBe('yes');
    expect(peer.requests[0]?.body).toHaveLength(1500);
    expect(peer.requests[0]?.headers['x-a']).toBe('b');
    expect(progress).toEqual([1500]);
  });

  it('does not know how much was sent when the line is lost', async () => {
    peer.script('POST', { drop: 'before' }, { drop: 'after' });
    await expect(post()).rejects.toMatchObject({ code, bodySent: 'unknown', retry: 'ambiguous' });
    await expect(post()).rejects.toMatchObject({ code, bodySent: 'unknown' });
  });

  it('knows that nothing was sent where there was no connection', async () => {
    const gone = await startPeer();
    await gone.close();
    await expect(post(gone.url)).rejects.toMatchObject({
      code,
      bodySent: 'no',
      retry: 'transient',
    });
  });

  it('has no body to lose in a GET', async () => {
    peer.script('GET', { drop: 'before' });
    await expect(
      fetchTransport().send({ method: 'GET', url: `${peer.url}/x?PatientID=MARKER`, headers: {} })
    ).rejects.toMatchObject({ code, bodySent: 'no', message: `GET ${peer.url}/x: no answer` });
  });

  it('knows that a request was carried out whose answer is cut', async () => {
    peer.script('POST', { status: 200, cutBody: '{' });
    const response = await post();
    await expect(response.bytes()).rejects.toMatchObject({
      code,
      bodySent: 'yes',
      httpStatus: 200,
      message: `POST ${peer.url}: 200, but the answer was cut`,
    });
  });

  it('fails with the signal’s reason as cause', async () => {
    const reason = new Error('closed');
    await expect(post(peer.url, AbortSignal.abort(reason))).rejects.toMatchObject({
      code,
      cause: reason,
    });
  });

  describe('a line on which nothing comes any more', () => {
    const IDLE_MS = 50;
    const patient = fetchTransport(undefined, IDLE_MS);
    const get = () => patient.send({ method: 'GET', url: peer.url, headers: {} });
    const isAsked = async () => {
      while (peer.requests.length === 0) await setImmediate();
    };
    const useFakeTimeouts = () => jest.useFakeTimers({ doNotFake: REAL });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('is given up before the answer', async () => {
      peer.script('GET', { hang: true });
      await expect(get()).rejects.toMatchObject({
        code,
        retry: 'transient',
        cause: { name: 'TimeoutError' },
      });
    });

    it('is given up within the answer, read whole or as it comes', async () => {
      peer.script('GET', { status: 200, hangingBody: '[' }, { status: 200, hangingBody: '[' });
      const cut = { code, httpStatus: 200, cause: { name: 'TimeoutError' } };
      await expect((await get()).bytes()).rejects.toMatchObject(cut);
      const stream = (await get()).stream?.()[Symbol.asyncIterator]();
      expect((await stream?.next())?.value).toEqual(new Uint8Array([0x5b]));
      await expect(stream?.next()).rejects.toMatchObject(cut);
    });

    it('is not given up while nobody reads', async () => {
      peer.script('GET', { status: 200, body: 'all' });
      useFakeTimeouts();
      const response = await get();
      jest.advanceTimersByTime(2 * IDLE_MS);
      expect(Buffer.from(await response.bytes()).toString()).toBe('all');
    });

    it('is not given up while a body may be on its way', async () => {
      peer.script('POST', { hang: true });
      const stop = new AbortController();
      useFakeTimeouts();
      const sent = patient.send({
        method: 'POST',
        url: peer.url,
        headers: {},
        body: BODY,
        signal: stop.signal,
      });
      await isAsked();
      jest.advanceTimersByTime(2 * IDLE_MS);
      stop.abort('by the caller');
      await expect(sent).rejects.toMatchObject({ code, cause: 'by the caller' });
    });
  });

  it('does not follow a redirection of a POST', async () => {
    peer.script('POST', { status: 302, headers: { Location: '/elsewhere' } });
    expect((await post()).status).toBe(302);
    expect(peer.requests).toHaveLength(1);
  });

  it('is not confused by a ring of causes', async () => {
    const ring = new Error('ring');
    ring.cause = ring;
    const transport = fetchTransport(() => Promise.reject(ring));
    await expect(
      transport.send({ method: 'POST', url: 'http://h/', headers: {}, body: BODY })
    ).rejects.toMatchObject({ bodySent: 'unknown', cause: ring });
  });
});
