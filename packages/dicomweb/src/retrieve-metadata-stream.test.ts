import { startPeer, type Step } from '../testing/scripted-peer.ts';
import { createDicomwebClient } from './client.ts';
import { fetchTransport } from './fetch-transport.ts';
import { streamMetadata } from './retrieve-metadata-stream.ts';

const UIDS = { studyInstanceUID: '2.25.1' };

async function read(step: Step): Promise<{ found: unknown[]; error: unknown; path: string }> {
  await using peer = await startPeer();
  peer.script('GET', step);
  const client = createDicomwebClient({
    serviceUrl: peer.url,
    transport: fetchTransport(),
    retry: { maxRetries: 0 },
  });
  const found: unknown[] = [];
  let error: unknown;
  try {
    for await (const one of streamMetadata(client, UIDS)) found.push(one);
  } catch (thrown) {
    error = thrown;
  }
  return { found, error, path: peer.requests[0]?.path ?? '' };
}

describe('streamMetadata (PS3.18 10.4.1.1.2)', () => {
  it('gives the data sets of the answer', async () => {
    const all = [{ '00080018': { vr: 'UI', Value: ['2.25.3'] } }, { '00100010': { vr: 'PN' } }];
    const { found, error, path } = await read({ status: 200, body: JSON.stringify(all) });
    expect([found, error, path]).toEqual([all, undefined, '/v2/studies/2.25.1/metadata']);
  });

  it.each<[string, Step, string]>([
    ['an empty body', { status: 200, body: '' }, 'ERR_RETRIEVE_UNREADABLE'],
    ['no array', { status: 200, body: '{}' }, 'ERR_RETRIEVE_UNREADABLE'],
    ['an array that ends too early', { status: 200, body: '[{},' }, 'ERR_RETRIEVE_UNREADABLE'],
    ['a lost line', { status: 200, cutBody: '[{}' }, 'ERR_RETRIEVE_UNREACHABLE'],
    ['204: not an answer of Retrieve', { status: 204 }, 'ERR_RETRIEVE_REFUSED'],
    ['404', { status: 404 }, 'ERR_RETRIEVE_NOT_FOUND'],
    ['503', { status: 503 }, 'ERR_RETRIEVE_THROTTLED'],
  ])('%s', async (_, step, code) => {
    expect((await read(step)).error).toMatchObject({ code });
  });

  it('an empty array is no error', async () => {
    expect(await read({ status: 200, body: '[]' })).toMatchObject({ found: [], error: undefined });
  });
});
