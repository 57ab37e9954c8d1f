import { connect } from 'node:net';
import { call, open, raw, seen } from '../testing/client.ts';
import {
  BOUNDARY,
  MARKER,
  multipart,
  MULTIPART,
  partsOf,
  Peers,
  storeJob,
} from '../testing/peers.ts';

const S = '/servers/azure-dicom';
const STORE = { method: 'POST', headers: { 'content-type': MULTIPART } };
const JSON_TYPE = { 'content-type': 'application/dicom+json; charset=utf-8' };
const item = (uid: string, reason?: number) => ({
  '00081155': { vr: 'UI', Value: [uid] },
  ...(reason === undefined ? {} : { '00081197': { vr: 'US', Value: [reason] } }),
});
const sq = (...items: object[]) => ({ vr: 'SQ', Value: items });
const storedOf = (...uids: string[]) =>
  JSON.stringify({ '00081199': sq(...uids.map(uid => item(uid))) });
const STORED = storedOf('1.2');

describe('relay', () => {
  let peers: Peers;
  beforeEach(async () => {
    peers = await new Peers().start();
  });
  afterEach(async () => {
    expect(peers.logLines.join('')).not.toContain(MARKER);
    await peers.stop();
  });
  const relay = (): string => peers.relay.url;

  describe('Store', () => {
    beforeEach(() => {
      peers.answer = { status: 200, headers: JSON_TYPE, body: STORED };
    });

    it('passes a chunked body on, part by part, with an access token', async () => {
      const body = multipart('DICM\u00ff\r\n', 'second');
      peers.answer = { status: 200, headers: JSON_TYPE, body: storedOf('1.2', '1.3') };
      const outgoing = open(relay(), `${S}/studies/1.2.3`, {
        ...STORE,
        headers: {
          ...STORE.headers,
          accept: 'application/dicom+xml',
          authorization: `Basic ${MARKER}`,
          'x-api-key': MARKER,
        },
      });
      const answer = seen(outgoing);
      outgoing.write(body.slice(0, 90), 'latin1');
      outgoing.end(body.slice(90), 'latin1');
      await expect(answer).resolves.toMatchObject({ status: 200, body: storedOf('1.2', '1.3') });
      const [received] = peers.received;
      expect(received).toMatchObject({ method: 'POST', url: '/v2/studies/1.2.3' });
      expect(received && partsOf(received)).toEqual(['DICM\u00ff\r\n', 'second']);
      expect(received?.headers).toEqual({
        host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        connection: 'keep-alive',
        'content-length': String(received?.body.length),
        accept: 'application/dicom+json',
        'content-type': expect.stringMatching(
          /^multipart\/related; type="application\/dicom"; boundary=[0-9a-f-]{36}$/
        ),
        authorization: `Bearer ${MARKER}-1`,
      });
    });

    // prettier-ignore
    const PART_TYPES: readonly (readonly [cite: string, head: string])[] = [
      ['azure-dicom-service 1.1: a parameter would be 415', 'Content-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\n'],
      ['azure-dicom-service 1.1: no type in a later part would be 415', ''],
    ];
    it.each(PART_TYPES)(
      'writes the type of each part as the service wants it: %s',
      async (_cite, head) => {
        const body = `--${BOUNDARY}\r\n${head}\r\nx\r\n--${BOUNDARY}--`;
        await call(relay(), `${S}/studies`, { ...STORE, body });
        expect(peers.received.map(partsOf)).toEqual([['x']]);
      }
    );

    it('takes one instance that is not in a multipart body', async () => {
      const headers = { 'content-type': 'application/dicom' };
      const answer = await call(relay(), `${S}/studies`, { ...STORE, headers, body: 'x' });
      expect(answer.status).toBe(200);
      expect(peers.received.map(partsOf)).toEqual([['x']]);
    });

    it('does not take an answer for a success that names less than was sent', async () => {
      const { options } = storeJob('a', 'b');
      const answer = await call(relay(), `${S}/studies`, options);
      expect(answer).toMatchObject({ status: 202, body: STORED });
    });

    it('answers 45070 as stored, and says so in the log without the UID', async () => {
      const failed = { '00081198': sq(item('1.2', 45_070), item('1.3', 45_070)) };
      peers.answer = { status: 409, headers: JSON_TYPE, body: JSON.stringify(failed) };
      const answer = await call(relay(), `${S}/studies`, { ...STORE, body: multipart('a', 'b') });
      expect(answer).toMatchObject({ status: 200, headers: JSON_TYPE });
      const dataset = JSON.parse(answer.body) as Record<string, { Value: unknown[] }>;
      expect(dataset['00081199']?.Value).toHaveLength(2);
      expect(dataset).not.toHaveProperty('00081198');
      expect(answer.headers['content-length']).toBe(String(answer.body.length));
      expect(peers.log).toEqual([
        expect.objectContaining({
          method: 'POST',
          route: 'store',
          status: 200,
          upstreamStatus: 409,
          alreadyStored: 2,
          requestBytes: multipart('a', 'b').length,
          instances: 2,
          upstreamRequests: 1,
          responseBytes: answer.body.length,
          durationMs: expect.any(Number),
        }),
      ]);
      expect(peers.logLines.join('')).not.toContain('1.2');
    });

    // prettier-ignore
    const PASSED: readonly (readonly [cite: string, status: number, body: string])[] = [
      ['orthanc 2.6: a true failure', 409, JSON.stringify({ '00081198': sq(item('1.2', 43_264)) })],
      ['azure-dicom-service 0.A: 403', 403, 'Authorization failed.'],
      ['azure-dicom-service 0.A: 413', 413, 'too large'],
      ['azure-dicom-service 0.6: 406', 406, ''],
      ['orthanc 2.6: 503', 503, 'busy'],
      ['RFC 6585 4', 429, 'slowly'],
    ];
    it.each(PASSED)('passes %s', async (_cite, status, body) => {
      peers.answer = { status, headers: { 'retry-after': '70', 'set-cookie': 'a=b' }, body };
      const answer = await call(relay(), `${S}/studies`, storeJob('x').options);
      expect(answer).toMatchObject({ status, body, headers: { 'retry-after': '70' } });
      expect(answer.headers).not.toHaveProperty('set-cookie');
    });

    // prettier-ignore
    const WORDS: readonly (readonly [cite: string, status: number, body: string, words: RegExp])[] = [
      ['a redirect', 307, '', /307.*DICOM_SERVICE_URL/],
      ['204', 204, '', /204 without saying what it stored/],
      ['a gateway page with 200', 200, '<html>', /200 without saying what it stored/],
    ];
    it.each(WORDS)('answers 502 in words for %s', async (_cite, status, body, words) => {
      const headers = { location: 'http://evil.example/', 'www-authenticate': 'Bearer' };
      peers.answer = { status, headers, body };
      const answer = await call(relay(), `${S}/studies`, storeJob('x').options);
      expect(answer).toMatchObject({ status: 502, body: expect.stringMatching(words) });
      expect(answer.headers).not.toHaveProperty('location');
      expect(answer.headers).not.toHaveProperty('www-authenticate');
    });

    it('sends a body that it still has again after 401, with a new access token', async () => {
      peers.script = (request, response) => {
        if (request.headers.authorization === `Bearer ${MARKER}-1`) response.writeHead(401).end();
        else peers.collect(request, response);
      };
      await expect(call(relay(), `${S}/studies`, storeJob('x').options)).resolves.toMatchObject({
        status: 200,
      });
      await expect(call(relay(), `${S}/studies`, storeJob('x').options)).resolves.toMatchObject({
        status: 200,
      });
      expect(peers.received.map(({ headers }) => headers.authorization)).toEqual([
        `Bearer ${MARKER}-2`,
        `Bearer ${MARKER}-2`,
      ]);
    });

    it('orthanc 2.6: answers 403 for 401, which Orthanc shows as "Bad credentials", and says degraded', async () => {
      peers.answer = { status: 401, headers: { 'www-authenticate': 'Bearer' } };
      const answer = await call(relay(), `${S}/studies`, storeJob('x').options);
      expect(answer).toMatchObject({
        status: 403,
        body: expect.stringMatching(/access token.*401.*nothing of this request was stored/),
      });
      expect(answer.headers).not.toHaveProperty('www-authenticate');
      expect(peers.received).toHaveLength(2);
      const { body } = await call(relay(), '/status');
      expect(JSON.parse(body)).toMatchObject({ data: { status: 'degraded' } });
      await expect(call(relay(), '/health/ready')).resolves.toMatchObject({ status: 503 });
      peers.answer = { status: 200, headers: JSON_TYPE, body: STORED };
      expect((await call(relay(), `${S}/studies`, storeJob('x').options)).status).toBe(200);
      await expect(call(relay(), '/health/ready')).resolves.toMatchObject({ status: 200 });
    });

    // prettier-ignore
    const NO_TOKEN: readonly (readonly [cite: string, tokenStatus: number, status: number, words: RegExp])[] = [
      ['RFC 6749 5.2: refused', 401, 403, /^Nothing was sent.*invalid_client/],
    ];
    it.each(NO_TOKEN)(
      'sends nothing without an access token: %s',
      async (_cite, tokenStatus, status, words) => {
        peers.tokenStatus = tokenStatus;
        const answer = await call(relay(), `${S}/studies`, storeJob('x').options);
        expect(answer).toMatchObject({ status, body: expect.stringMatching(words) });
        expect(peers.opened).toBe(0);
      }
    );

    // prettier-ignore
    const EMPTY: readonly (readonly [cite: string, headers: Record<string, string>, body: string | undefined])[] = [
      ['orthanc 2.5: resubmitted job', { 'transfer-encoding': 'chunked' }, `--${BOUNDARY}--`],
      ['no bytes, chunked', { 'transfer-encoding': 'chunked' }, undefined],
      ['Content-Length 0', { 'content-length': '0' }, undefined],
      ['no instance in the one part', { 'content-type': 'application/dicom', 'transfer-encoding': 'chunked' }, undefined],
    ];
    it.each(EMPTY)('never forwards an empty body: %s', async (_cite, headers, body) => {
      const options = { ...STORE, headers: { ...STORE.headers, ...headers }, body };
      const answer = await call(relay(), `${S}/studies`, options);
      expect(answer).toMatchObject({ status: 400, body: expect.stringMatching(/no instances/) });
      expect(peers.opened).toBe(0);
      expect(peers.log[0]).toMatchObject({ reason: 'empty-body' });
    });

    it('answers 415 for what cannot be stored', async () => {
      const headers = { 'content-type': 'multipart/form-data; boundary=b' };
      const answer = await call(relay(), `${S}/studies`, { ...STORE, headers, body: 'x' });
      expect(answer).toMatchObject({ status: 415, body: expect.stringMatching(/multipart/) });
      expect(peers.opened).toBe(0);
    });

    it('says 100 Continue when it wants the body', async () => {
      const body = multipart('x');
      const headers = {
        ...STORE.headers,
        expect: '100-continue',
        'content-length': `${body.length}`,
      };
      const outgoing = open(relay(), `${S}/studies`, { ...STORE, headers });
      const answer = seen(outgoing);
      outgoing.once('continue', () => outgoing.end(body));
      outgoing.flushHeaders();
      await expect(answer).resolves.toMatchObject({ status: 200 });
      expect(peers.received[0]?.headers).not.toHaveProperty('expect');
    });

    it('does not say it when the request is refused', async () => {
      const text = `POST ${S}/series HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\nConnection: close\r\n\r\n`;
      const { hostname, port } = new URL(relay());
      const first = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => socket.write(text));
        socket.on('error', reject);
        socket.once('data', chunk => {
          socket.destroy();
          resolve(String(chunk));
        });
      });
      expect(first).toMatch(/^HTTP\/1\.1 405 /);
    });
  });

  describe('read and delete', () => {
    it('pass the request on and the answer back', async () => {
      peers.answer = { status: 200, headers: { ...JSON_TYPE, etag: '"1"' }, body: '[]' };
      const target = `${S}/studies?limit=1&PatientName=${MARKER}`;
      const headers = { accept: 'application/dicom+json', authorization: 'Basic x' };
      const answer = await call(relay(), target, { headers });
      expect(answer).toMatchObject({ status: 200, body: '[]', headers: { etag: '"1"' } });
      expect(peers.received[0]).toMatchObject({
        method: 'GET',
        url: `/v2/studies?limit=1&PatientName=${MARKER}`,
        headers: { accept: 'application/dicom+json', authorization: `Bearer ${MARKER}-1` },
      });
      expect(peers.log[0]).toMatchObject({ route: 'read', status: 200, responseBytes: 2 });

      peers.answer = { status: 204 };
      const removed = await call(relay(), `${S}/studies/1.2`, { method: 'DELETE' });
      expect(removed).toMatchObject({ status: 204, body: '' });
      expect(peers.received[1]).toMatchObject({ method: 'DELETE', url: '/v2/studies/1.2' });
    });

    it('ask once more with a new access token after 401', async () => {
      peers.script = (request, response) => {
        const isNew = request.headers.authorization === `Bearer ${MARKER}-2`;
        response.writeHead(isNew ? 200 : 401).end(isNew ? 'found' : 'no');
      };
      await expect(call(relay(), `${S}/studies`)).resolves.toMatchObject({ body: 'found' });
    });

    it('ask no third time', async () => {
      peers.answer = { status: 401, headers: { 'www-authenticate': 'Bearer' } };
      const answer = await call(relay(), `${S}/studies`);
      expect(answer).toMatchObject({ status: 403, body: expect.stringMatching(/401/) });
      expect(peers.received).toHaveLength(2);
    });

    it('follow no redirect, and pass 304', async () => {
      peers.answer = { status: 302, headers: { location: 'http://evil.example/' } };
      await expect(call(relay(), `${S}/studies`)).resolves.toMatchObject({ status: 502 });
      peers.answer = { status: 304 };
      await expect(call(relay(), `${S}/studies`)).resolves.toMatchObject({ status: 304 });
    });

    it('answer 404 for another server, with the name of this one', async () => {
      const answer = await call(relay(), '/servers/azure/studies');
      expect(answer).toMatchObject({ status: 404, body: expect.stringMatching(/"azure-dicom"/) });
      expect(peers.opened).toBe(0);
    });

    it('do not let a path lead out of the service', async () => {
      const text = `GET ${S}/../../admin HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`;
      await expect(raw(relay(), text)).resolves.toMatch(/^HTTP\/1\.1 400 /);
      expect(peers.opened).toBe(0);
    });
  });

  it('says that nothing was sent when there is no connection', async () => {
    const others = await new Peers().start({
      server: { serviceUrl: 'http://127.0.0.1:1/v2' },
    });
    const options = { ...STORE, body: multipart('x') };
    await expect(call(others.relay.url, `${S}/studies`, options)).resolves.toMatchObject({
      status: 502,
      body: expect.stringMatching(/^Nothing was sent.*ECONNREFUSED/),
    });
    await others.stop();
  });

  it('answers 502 in words when the connection breaks', async () => {
    peers.script = request => void request.socket.destroy();
    const read = await call(relay(), `${S}/studies`);
    expect(read).toMatchObject({ status: 502, body: expect.stringMatching(/ECONNRESET|broke/) });
    const stored = await call(relay(), `${S}/studies`, storeJob('x').options);
    expect(stored).toMatchObject({ status: 502, body: expect.stringMatching(/is not known/) });
  });

  it('tells health and status', async () => {
    await expect(call(relay(), '/health')).resolves.toMatchObject({
      status: 200,
      body: '{"status":"ok","live":true,"ready":true,"problems":[]}',
    });
    await expect(call(relay(), '/health/live')).resolves.toMatchObject({ status: 200 });
    await expect(call(relay(), '/health/ready')).resolves.toMatchObject({ status: 200 });
    const status = await call(relay(), '/status');
    expect(JSON.parse(status.body)).toEqual({
      plugin_version: '0.1.0',
      api_version: '2.0',
      timestamp: expect.stringMatching(/Z$/),
      data: {
        status: 'healthy',
        token_managers: 1,
        servers_configured: 1,
        servers: [
          {
            name: 'azure-dicom',
            url: expect.stringMatching(/\/v2$/),
            credential: 'secret',
            instances: { stored: 0, alreadyStored: 0, different: 0, notCompared: 0, failed: 0 },
            access_token: { state: 'not requested yet' },
          },
        ],
        problems: [],
      },
    });
    expect(peers.tokensIssued).toBe(0);
  });

  it('says what is wrong with the port', async () => {
    const others = new Peers();
    await expect(others.start({ port: peers.relay.port })).rejects.toMatchObject({
      code: 'ERR_RELAY_LISTEN',
      message: expect.stringMatching(/in use/),
    });
    await others.stop();
  });
});
