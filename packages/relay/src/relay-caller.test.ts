import { call, open, seen } from '../testing/client.ts';
import { MARKER, multipart, MULTIPART, Peers } from '../testing/peers.ts';

const S = '/servers/azure-dicom';
const STORE = { method: 'POST', headers: { 'content-type': MULTIPART } };

describe('relay with a user name and a password', () => {
  let peers: Peers;
  beforeEach(async () => {
    peers = await new Peers().start({ caller: { username: 'orthanc', password: MARKER } });
  });
  afterEach(() => peers.stop());

  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  // prettier-ignore
  const ROWS: readonly (readonly [target: string, authorization: string | undefined, status: number])[] = [
    ['/health', undefined, 200],
    ['/status', undefined, 401],
    ['/status', basic(`orthanc:${MARKER}`), 200],
    [`${S}/studies`, undefined, 401],
    [`${S}/studies`, basic('orthanc:wrong'), 401],
    [`${S}/studies`, `Bearer ${MARKER}`, 401],
    [`${S}/studies`, basic(`orthanc:${MARKER}`), 200],
    ['/servers/other/studies', undefined, 401],
    ['/elsewhere', undefined, 401],
  ];
  it.each(ROWS)('%s with %s: %i', async (target, authorization, status) => {
    const headers: Record<string, string> = authorization ? { authorization } : {};
    const answer = await call(peers.relay.url, target, { headers });
    expect(answer.status).toBe(status);
    expect(answer.headers['www-authenticate']?.startsWith('Basic realm=') ?? false).toBe(
      status === 401
    );
    if (status === 401) expect(peers.opened).toBe(0);
    expect(peers.logLines.join('')).not.toContain(MARKER);
  });

  it('lets a caller read the refusal while it is still sending', async () => {
    const outgoing = open(peers.relay.url, `${S}/studies`, STORE);
    const answer = seen(outgoing);
    outgoing.write(multipart('x'));
    await expect(answer).resolves.toMatchObject({ status: 401, headers: { connection: 'close' } });
    outgoing.destroy();
    expect(peers.opened).toBe(0);
  });
});
