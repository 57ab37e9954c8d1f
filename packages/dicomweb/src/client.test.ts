import { createDicomwebClient } from './client.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { srInstance } from '../testing/part10-builder.ts';
import { startPeer } from '../testing/scripted-peer.ts';
import type { Peer, Step } from '../testing/scripted-peer.ts';
import { metadata } from '../testing/store-responses.ts';

const UIDS = {
  studyInstanceUID: '2.25.100',
  seriesInstanceUID: '2.25.200',
  sopInstanceUID: '2.25.300',
};
const PATH = '/v2/studies/2.25.100/series/2.25.200/instances/2.25.300';

let peer: Peer;
beforeEach(async () => {
  peer = await startPeer();
});
afterEach(async () => {
  await peer.close();
});
const client = () => createDicomwebClient({ serviceUrl: `${peer.url}/`, clock: fakeClock() });

describe('createDicomwebClient', () => {
  const DIALECTS = [
    [
      'https://ws-svc.dicom.azurehealthcareapis.com/v2/',
      'https://ws-svc.dicom.azurehealthcareapis.com/v2',
      'azure',
    ],
    [
      'https://ws-svc.dicom.azurehealthcareapis.com/v2/partitions/p',
      'https://ws-svc.dicom.azurehealthcareapis.com/v2/partitions/p',
      'azure',
    ],
    ['http://localhost:8042/dicom-web', 'http://localhost:8042/dicom-web', 'standard'],
    [
      'https://dicom.azurehealthcareapis.com.example/v2',
      'https://dicom.azurehealthcareapis.com.example/v2',
      'standard',
    ],
  ] as const;
  it.each(DIALECTS)('%s -> %s, %s', (given, serviceUrl, dialect) => {
    expect(createDicomwebClient({ serviceUrl: given })).toMatchObject({ serviceUrl, dialect });
  });

  it('takes the dialect that is given', () => {
    expect(
      createDicomwebClient({ serviceUrl: 'http://localhost/v2', dialect: 'azure' }).dialect
    ).toBe('azure');
  });

  it.each([
    'nonsense',
    '/dicom-web',
    'ftp://h/v2',
    'javascript:alert(1)',
    'https://u:p@h/v2',
    'https://h/v2?token=x',
    'https://h/v2#x',
    '',
  ])('refuses %j', serviceUrl => {
    expect(() => createDicomwebClient({ serviceUrl })).toThrow(TypeError);
  });
});

describe('retrieveInstance', () => {
  const instance = Buffer.from(srInstance());
  const multipart = Buffer.concat([
    Buffer.from(
      '--b\r\nContent-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\n\r\n'
    ),
    instance,
    Buffer.from('\r\n--b--'),
  ]);

  it('gives the bytes of the part (Azure v2 Retrieve)', async () => {
    peer.script('GET', {
      status: 200,
      headers: { 'Content-Type': 'multipart/related; boundary=b' },
      body: multipart,
    });
    expect(Buffer.from(await client().retrieveInstance(UIDS)).equals(instance)).toBe(true);
    expect(peer.requests[0]).toMatchObject({ path: PATH });
    expect(peer.requests[0]?.headers.accept).toBe(
      'multipart/related; type="application/dicom"; transfer-syntax=*'
    );
  });

  it('takes a single part, too', async () => {
    peer.script('GET', {
      status: 200,
      headers: { 'Content-Type': 'application/dicom' },
      body: instance,
    });
    expect(Buffer.from(await client().retrieveInstance(UIDS)).equals(instance)).toBe(true);
  });

  const ROWS: readonly (readonly [string, Step, object])[] = [
    [
      'Azure v2 Retrieve 404',
      { status: 404, body: 'The specified instance cannot be found.' },
      { code: 'ERR_RETRIEVE_NOT_FOUND', httpStatus: 404 },
    ],
    ['401', { status: 401 }, { code: 'ERR_RETRIEVE_UNAUTHORIZED' }],
    ['403', { status: 403 }, { code: 'ERR_RETRIEVE_FORBIDDEN' }],
    ['406', { status: 406 }, { code: 'ERR_RETRIEVE_REFUSED' }],
    [
      'multipart without end',
      {
        status: 200,
        headers: { 'Content-Type': 'multipart/related; boundary=b' },
        body: multipart.subarray(0, -6),
      },
      { code: 'ERR_RETRIEVE_UNREADABLE' },
    ],
    [
      'a page in place of an instance',
      { status: 200, body: '<html>' },
      { code: 'ERR_RETRIEVE_UNREADABLE' },
    ],
    ['cut', { status: 200, cutBody: 'x' }, { code: 'ERR_RETRIEVE_UNREACHABLE', httpStatus: 200 }],
    ['dropped', { drop: 'after' }, { code: 'ERR_RETRIEVE_UNREACHABLE' }],
  ];
  it.each(ROWS)('%s', async (_cite, step, expected) => {
    peer.script('GET', step);
    await expect(client().retrieveInstance(UIDS)).rejects.toMatchObject(expected);
  });
});

describe('retrieve metadata', () => {
  it('of an instance', async () => {
    peer.script('GET', { status: 200, body: metadata('2.25.300') });
    expect(await client().retrieveInstanceMetadata(UIDS)).toHaveProperty('00080018');
    expect(peer.requests[0]?.path).toBe(`${PATH}/metadata`);
  });

  it('of a study', async () => {
    peer.script('GET', { status: 200, body: '[{},{}]' });
    expect(await client().retrieveMetadata({ studyInstanceUID: '2.25.100' })).toHaveLength(2);
    expect(peer.requests[0]?.path).toBe('/v2/studies/2.25.100/metadata');
  });

  it.each(['[]', '{}', 'x', '[null]'])('refuses %s for an instance', async body => {
    peer.script('GET', { status: 200, body });
    await expect(client().retrieveInstanceMetadata(UIDS)).rejects.toMatchObject({
      code: 'ERR_RETRIEVE_UNREADABLE',
    });
  });
});

describe('settle', () => {
  const identity = { ...UIDS, sopClassUID: '1.2.840.10008.5.1.4.1.1.88.33' };
  const ROWS = [
    ['the same', { status: 200, body: metadata('2.25.300') }, 'present'],
    ['another SOP Class', { status: 200, body: metadata('2.25.300', '1.2.3') }, 'different'],
    ['not there', { status: 404 }, 'absent'],
    ['not permitted', { status: 403 }, 'unknown'],
    ['another instance’s metadata', { status: 200, body: metadata('2.25.301') }, 'unknown'],
    ['gateway', { status: 502 }, 'unknown'],
  ] as const;
  it.each(ROWS)('%s: %j -> %s', async (_what, step, expected) => {
    peer.script('GET', step);
    expect(await client().settle(identity)).toBe(expected);
  });

  it('is unknown, without a request, where UIDs are missing', async () => {
    expect(await client().settle({ sopInstanceUID: '1.2' })).toBe('unknown');
    expect(peer.requests).toEqual([]);
  });
});

describe('delete', () => {
  it('has the paths of the Azure DICOM service', async () => {
    peer.script('DELETE', { status: 204 }, { status: 204 }, { status: 204 });
    await client().deleteStudy(UIDS);
    await client().deleteSeries(UIDS);
    await client().deleteInstance(UIDS);
    expect(peer.requests.map(({ path }) => path)).toEqual([
      '/v2/studies/2.25.100',
      '/v2/studies/2.25.100/series/2.25.200',
      PATH,
    ]);
  });

  const ROWS = [
    [
      'Azure v2 Delete 404',
      { status: 404 },
      { code: 'ERR_DELETE_NOT_FOUND', message: '404 Not Found' },
    ],
    ['403', { status: 403 }, { code: 'ERR_DELETE_FORBIDDEN', message: '403 Forbidden' }],
    [
      '500',
      { status: 500 },
      { code: 'ERR_DELETE_REFUSED', retry: 'transient', message: '500 Internal Server Error' },
    ],
    [
      'dropped',
      { drop: 'after' },
      { code: 'ERR_DELETE_UNREACHABLE', retry: 'transient', message: 'no answer' },
    ],
  ] as const;
  it.each(ROWS)('%s', async (_cite, step, { message, ...expected }) => {
    peer.script('DELETE', step);
    await expect(client().deleteInstance(UIDS)).rejects.toMatchObject({
      ...expected,
      message: `Delete DELETE ${peer.url}${PATH.slice(3)}: ${message}`,
    });
  });

  it('never deletes more than was meant when a UID is missing', async () => {
    const missing = { studyInstanceUID: '2.25.100' } as typeof UIDS;
    await expect(client().deleteInstance(missing)).rejects.toThrow(TypeError);
    await expect(client().deleteSeries(missing)).rejects.toThrow(TypeError);
    await expect(client().deleteStudy({} as typeof UIDS)).rejects.toThrow(TypeError);
    expect(peer.requests).toEqual([]);
  });
});
