import { jest } from '@jest/globals';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { createAskStorePermission, profileURL } from './orthancPermissions.ts';

const archive = (dicomwebRoot: string, dialect: 'azure' | 'standard' = 'standard') =>
  ({ dicomwebRoot, dialect }) as ArchiveSettings;
const ORTHANC = archive('https://pacs.example/orthanc/dicom-web');

const answering = (body: string, status = 200) =>
  jest.fn(async (_url: string | URL, _init?: RequestInit) => {
    const answer = { status, text: async () => body };
    return answer as Response;
  });

describe('the address', () => {
  it.each([
    ['https://pacs.example/orthanc/dicom-web', 'https://pacs.example/orthanc/auth/user/profile'],
    ['https://pacs.example/dicom-web', 'https://pacs.example/auth/user/profile'],
    ['https://pacs.example', 'https://pacs.example/auth/user/profile'],
  ])('of %s', (root, url) => expect(profileURL(archive(root))).toBe(url));

  it('is none for the Azure DICOM service', async () => {
    const fetch = answering('{"permissions":["all"]}');
    const azure = archive('https://w-s.dicom.azurehealthcareapis.com/v2', 'azure');
    expect(profileURL(azure)).toBeUndefined();
    expect(await createAskStorePermission(fetch)(azure, 'token')).toBe('not-offered');
    expect(fetch).not.toHaveBeenCalled();
  });
});

/** Form of the answer: `GetUserProfile`, orthanc-authorization 0.11.4 Plugin.cpp; profiles: orthanc-auth-service. */
const ANSWERS: [cite: string, status: number, body: string, expected: string][] = [
  ['permissions.json, doctor-role', 200, profile('Dr. A', ['view', 'upload']), 'may-store'],
  ['DefaultConfiguration.json, "all|upload"', 200, profile('Admin', ['all']), 'may-store'],
  ['permissions.json without upload', 200, profile('Dr. B', ['view', 'download']), 'view-only'],
  ['a role without permissions', 200, profile('Dr. C', []), 'view-only'],
  ['anonymous-profile.json before 25.6.0', 200, profile('Anonymous', []), 'anonymous'],
  ['anonymous-profile.json of 25.6.0', 200, profile('Anonymous', ['upload']), 'anonymous'],
  ['no authorization plugin', 404, '{"HttpStatus":404}', 'not-offered'],
  ['401', 401, '', 'not-offered'],
  ['403', 403, profile('x', []), 'not-offered'],
  ['500', 500, '', 'not-offered'],
  ['a site that answers everything', 200, '<!doctype html><title>Viewer</title>', 'not-offered'],
  ['an empty body', 200, '', 'not-offered'],
  ['no object', 200, 'null', 'not-offered'],
  ['an array', 200, '[]', 'not-offered'],
  ['no permissions', 200, '{"name":"x"}', 'not-offered'],
  ['permissions that are no list', 200, '{"permissions":"upload"}', 'not-offered'],
  ['permissions that are no texts', 200, '{"permissions":[{"upload":1},null]}', 'view-only'],
  ['a name with other case', 200, profile('x', ['Upload', 'uploads']), 'view-only'],
  ['prototype names', 200, '{"__proto__":{"permissions":["all"]}}', 'not-offered'],
  ['far too long', 200, profile('x'.repeat(70_000), ['all']), 'not-offered'],
];

function profile(name: string, permissions: string[]): string {
  return JSON.stringify({ name, permissions, groups: [], 'authorized-labels': ['*'] });
}

it.each(ANSWERS)('%s: %i', async (_cite, status, body, expected) => {
  expect(await createAskStorePermission(answering(body, status))(ORTHANC, 'token')).toBe(expected);
});

it('asks at the archive’s origin, without cookies, and follows nowhere', async () => {
  const fetch = answering(profile('x', ['all']));
  await createAskStorePermission(fetch)(ORTHANC, 'the-token');
  const [url, init] = fetch.mock.calls[0]!;
  expect(url).toBe('https://pacs.example/orthanc/auth/user/profile');
  expect(init).toMatchObject({
    headers: { Authorization: 'Bearer the-token' },
    credentials: 'omit',
    redirect: 'error',
  });
});

it('asks once for each access token', async () => {
  const fetch = answering(profile('x', ['view']));
  const ask = createAskStorePermission(fetch);
  await Promise.all([ask(ORTHANC, 'one'), ask(ORTHANC, 'one')]);
  await ask(ORTHANC, 'one');
  expect(fetch).toHaveBeenCalledTimes(1);
  await ask(ORTHANC, 'two');
  expect(fetch).toHaveBeenCalledTimes(2);
});

it('does not wait longer than it may', async () => {
  const never = (_url: string | URL, init?: RequestInit) =>
    new Promise<Response>((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
    });
  expect(await createAskStorePermission(never, 1)(ORTHANC, 'token')).toBe('not-offered');
});

it('does not fail when the network does', async () => {
  const broken = async () => {
    throw new TypeError('Failed to fetch');
  };
  expect(await createAskStorePermission(broken)(ORTHANC, 'token')).toBe('not-offered');
});
