import { Readable } from 'node:stream';
import { call } from '../testing/client.ts';
import { Peers, storeJob } from '../testing/peers.ts';
import { OwnAddress } from './own-address.ts';

const SERVICE = 'https://ws-svc.dicom.azurehealthcareapis.com/v2';
const OWN = 'http://127.0.0.1:8083/servers/azure-dicom';
const HEADERS = { host: '127.0.0.1:8083' };
const JSON_TYPE = { 'content-type': 'application/dicom+json; charset=utf-8' };

describe('the own address', () => {
  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, said: string, expected: string])[] = [
    ['PS3.18 F.2.2: BulkDataURI', `{"BulkDataURI":"${SERVICE}/studies/1/bulkdata/2"}`, `{"BulkDataURI":"${OWN}/studies/1/bulkdata/2"}`],
    ['PS3.3 C.12.1.1: RetrieveURL', `{"00081190":{"vr":"UR","Value":["${SERVICE}/studies/1"]}}`, `{"00081190":{"vr":"UR","Value":["${OWN}/studies/1"]}}`],
    ['RFC 8259 7: escaped slashes', `"https:\\/\\/ws-svc.dicom.azurehealthcareapis.com\\/v2\\/studies\\/1"`, `"http:\\/\\/127.0.0.1:8083\\/servers\\/azure-dicom\\/studies\\/1"`],
    ['RFC 3986 6.2.3: with the default port', `"${SERVICE.replace('.com', '.com:443')}/studies/1"`, `"${OWN}/studies/1"`],
    ['several', `["${SERVICE}/studies/1","${SERVICE}/studies/2"]`, `["${OWN}/studies/1","${OWN}/studies/2"]`],
    ['another server of the same host', `"${SERVICE.replace('v2', 'v1')}/studies/1"`, `"${SERVICE.replace('v2', 'v1')}/studies/1"`],
    ['another host that begins alike', `"${SERVICE}x/studies/1"`, `"${SERVICE}x/studies/1"`],
    ['within a text', `"see ${SERVICE}/studies/1"`, `"see ${SERVICE}/studies/1"`],
    ['what is no study', `"${SERVICE}/operations/1"`, `"${SERVICE}/operations/1"`],
  ];
  it.each(ROWS)('%s', async (_cite, said, expected) => {
    const own = new OwnAddress('azure-dicom', SERVICE, HEADERS);
    const bytes = Buffer.from(said);
    expect(own.body(bytes).toString()).toBe(expected);
    for (const size of [1, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size)
      );
      const passed: Buffer[] = [];
      for await (const chunk of Readable.from(chunks).pipe(own.stream()))
        passed.push(chunk as Buffer);
      expect(Buffer.concat(passed).toString()).toBe(expected);
    }
  });

  it.each([
    ['no Host', {}],
    ['a Host that is none', { host: 'a"b' }],
    ['user information', { host: 'a@b' }],
  ])('changes nothing for a caller with %s', (_what, headers) => {
    const own = new OwnAddress('azure-dicom', SERVICE, headers);
    expect(own.isFor(200, JSON_TYPE)).toBe(false);
    expect(own.headers({ location: `${SERVICE}/studies/1` })).toEqual({
      location: `${SERVICE}/studies/1`,
    });
  });

  it('looks into whole JSON answers only', () => {
    const own = new OwnAddress('azure-dicom', SERVICE, HEADERS);
    expect(own.isFor(200, JSON_TYPE)).toBe(true);
    expect(own.isFor(206, JSON_TYPE)).toBe(false);
    expect(own.isFor(404, JSON_TYPE)).toBe(false);
    expect(own.isFor(200, { ...JSON_TYPE, 'content-encoding': 'gzip' })).toBe(false);
    expect(own.isFor(200, { 'content-type': 'multipart/related' })).toBe(false);
  });

  it('changes Location, and says https behind a proxy with TLS', () => {
    const own = new OwnAddress('a b', SERVICE, {
      host: 'relay.example',
      'x-forwarded-proto': 'https',
    });
    expect(own.headers({ 'content-location': `${SERVICE}/studies/1`, etag: 'e' })).toEqual({
      'content-location': 'https://relay.example/servers/a%20b/studies/1',
      etag: 'e',
    });
  });

  it('stands in what passes through the relay, so that it can be followed', async () => {
    const peers = await new Peers().start();
    const row = (url: string) => JSON.stringify([{ '00081190': { vr: 'UR', Value: [url] } }]);
    const body = row(`${peers.serviceUrl}/studies/1.2`);
    peers.answer = {
      status: 200,
      headers: { ...JSON_TYPE, 'content-length': String(body.length) },
      body,
    };
    const own = `${peers.relay.url}/servers/azure-dicom`;
    const answer = await call(peers.relay.url, '/servers/azure-dicom/studies');
    expect(answer.body).toBe(row(`${own}/studies/1.2`));
    await call(own, '/servers/azure-dicom/studies/1.2');
    expect(peers.received.at(-1)?.url).toBe('/v2/studies/1.2');
    const stored = (url: string) =>
      JSON.stringify({
        '00081190': { vr: 'UR', Value: [url] },
        '00081199': { vr: 'SQ', Value: [{}] },
      });
    peers.answer = {
      status: 200,
      headers: JSON_TYPE,
      body: stored(`${peers.serviceUrl}/studies/1`),
    };
    const { options } = storeJob('a');
    const store = await call(peers.relay.url, '/servers/azure-dicom/studies', options);
    expect(store.body).toBe(stored(`${own}/studies/1`));
    await peers.stop();
  });
});
