import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { send } from '../testing/test-service.ts';
import { listen } from './listen.ts';
import { credentialKind } from './request-record.ts';
import { createTestHooks } from './test-hooks.ts';

let server: Server;
let url: string;
let carriedOut: number;

beforeEach(async () => {
  carriedOut = 0;
  const hooks = createTestHooks({ corsHeaders: () => ({ 'Access-Control-Allow-Origin': '*' }) });
  server = createServer((request, response) => {
    void hooks.handle(request, response).then(answered => {
      if (answered) return;
      carriedOut += 1;
      request.resume();
      response.end('0123456789');
    });
  });
  url = `http://127.0.0.1:${await listen(server, { host: '127.0.0.1', port: 0, what: 'test' })}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const setFault = (fault: unknown) =>
  send(`${url}/_test/faults`, { method: 'POST', body: JSON.stringify(fault) });

describe('faults (design section 8)', () => {
  it('answers with status, headers and body, with CORS headers, `times` times', async () => {
    await setFault({
      match: { method: 'post', path: '^/a' },
      status: 503,
      headers: { 'Retry-After': '1' },
      body: 'busy',
      times: 1,
    });
    expect(await send(`${url}/a`, {})).toMatchObject({ status: 200 });
    expect(await send(`${url}/b`, { method: 'POST' })).toMatchObject({ status: 200 });
    const answer = await send(`${url}/a?x=1`, { method: 'POST', body: 'x'.repeat(100_000) });
    expect(answer).toMatchObject({ status: 503, text: 'busy' });
    expect(answer.headers).toMatchObject({
      'retry-after': '1',
      'access-control-allow-origin': '*',
    });
    expect(await send(`${url}/a`, { method: 'POST' })).toMatchObject({ status: 200 });
  });

  it('leaves preflights alone unless the method is named', async () => {
    await setFault({ match: {}, status: 500 });
    expect(await send(url, { method: 'OPTIONS' })).toMatchObject({ status: 200 });
    await setFault({ match: { method: 'OPTIONS' }, status: 502 });
    expect(await send(url, { method: 'OPTIONS' })).toMatchObject({ status: 502 });
  });

  it('the first match wins, and DELETE removes all', async () => {
    await setFault({ match: { path: '/a' }, status: 500 });
    await setFault({ match: {}, status: 501 });
    expect(await send(`${url}/a`, {})).toMatchObject({ status: 500 });
    expect(await send(`${url}/b`, {})).toMatchObject({ status: 501 });
    expect(await send(`${url}/_test/faults`, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await send(`${url}/a`, {})).toMatchObject({ status: 200 });
  });

  it('a delay alone carries the request out', async () => {
    await setFault({ match: {}, delayMs: 30 });
    const start = performance.now();
    expect(await send(url, {})).toMatchObject({ status: 200, text: '0123456789' });
    expect(performance.now() - start).toBeGreaterThanOrEqual(29);
  });

  it.each([
    ['dropAfterBytes: the request is not carried out', { dropAfterBytes: 5 }, 0],
    ['dropAfterBytes 0', { dropAfterBytes: 0 }, 0],
    ['dropAfterBytes beyond the body', { dropAfterBytes: 1e9 }, 0],
    ['dropAnswerAfterBytes: the request is carried out', { dropAnswerAfterBytes: 5 }, 1],
    ['dropAnswerAfterBytes 0: not even the status arrives', { dropAnswerAfterBytes: 0 }, 1],
  ])('%s', async (_, fault, times) => {
    await setFault({ match: {}, ...fault });
    const cut = send(url, { method: 'POST', body: 'x'.repeat(200_000) });
    await expect(cut).rejects.toThrow();
    expect(carriedOut).toBe(times);
  });

  it('a shorter answer arrives whole', async () => {
    await setFault({ match: {}, dropAnswerAfterBytes: 11 });
    expect(await send(url, {})).toMatchObject({ status: 200, text: '0123456789' });
  });

  it.each([
    ['{', 'The body is not JSON.'],
    ['[]', 'The fault must be an object.'],
    [{}, "The field 'match' must be an object."],
    [{ match: { method: 1 }, status: 500 }, "The field 'match.method' must be a string."],
    [{ match: { path: '(' }, status: 500 }, "The field 'match.path' is not a regular expression."],
    [{ match: { url: '/' }, status: 500 }, "The field 'match.url' is not known."],
    [{ match: {}, status: 42 }, "The field 'status' must be an integer 200 to 599."],
    [{ match: {}, delayMs: -1 }, "The field 'delayMs' must be an integer of at least 0."],
    [{ match: {}, status: 500, times: 0 }, "The field 'times' must be an integer of at least 1."],
    [{ match: {}, status: 500, headers: { a: 1 } }, "The field 'headers.a' must be a string."],
    [
      { match: {}, body: 'x', delayMs: 1 },
      "The field 'status' is needed with 'headers' or 'body'.",
    ],
    [{ match: {}, statusCode: 500 }, "The field 'statusCode' is not known."],
    [
      { match: {} },
      'One of the fields status, delayMs, dropAfterBytes, dropAnswerAfterBytes is needed.',
    ],
  ])('refuses %j', async (fault, text) => {
    const body = typeof fault === 'string' ? fault : JSON.stringify(fault);
    const answer = await send(`${url}/_test/faults`, { method: 'POST', body });
    expect(answer).toMatchObject({ status: 400, text });
  });
});

describe('record of requests (design section 8)', () => {
  it('keeps method, path, status and kind of credential, and nothing else', async () => {
    await setFault({ match: { path: '/f' }, status: 503, times: 1 });
    await setFault({ match: { path: '/cut' }, dropAfterBytes: 0, times: 1 });
    await send(`${url}/a?PatientName=Secret`, { headers: { authorization: 'Basic c2VjcmV0' } });
    await send(`${url}/f`, { method: 'POST' });
    await expect(send(`${url}/cut`, {})).rejects.toThrow();
    const answer = await send(`${url}/_test/requests`, {});
    expect(answer.json()).toEqual([
      { method: 'GET', path: '/a', status: 200, credential: 'basic' },
      { method: 'POST', path: '/f', status: 503, credential: 'none' },
      { method: 'GET', path: '/cut', status: null, credential: 'none' },
    ]);
    await send(`${url}/_test/requests`, { method: 'DELETE' });
    expect((await send(`${url}/_test/requests`, {})).json()).toEqual([]);
  });

  const jwt = (header: object, payload: object) =>
    `Bearer ${[header, payload]
      .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')}.signature`;

  it.each([
    [undefined, 'none'],
    ['Basic abc', 'basic'],
    ['Digest abc', 'other'],
    ['Bearer opaque', 'opaque bearer'],
    [jwt({ alg: 'RS256' }, { aud: 'a', scp: 'Dicom.ReadWrite' }), 'access token'],
    [jwt({ alg: 'RS256' }, { aud: 'a', nonce: 'n' }), 'ID token'],
    [jwt({ alg: 'HS256' }, { resources: [], type: 'viewer-instant-link' }), 'share token'],
  ])('%s is %s', (authorization, kind) => {
    expect(credentialKind(authorization)).toBe(kind);
  });
});

it('answers 404 to other hooks', async () => {
  expect(await send(`${url}/_test/other`, {})).toMatchObject({ status: 404 });
});
