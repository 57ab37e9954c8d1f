import type { Route } from './route.ts';
import { routeOf as find } from './route.ts';

const TABLE = { servers: ['azure-dicom'], parts: new Map([['queue', ['POST']]]) };
const routeOf = (method: string, target: string): Route => find(method, target, TABLE);

const S = '/servers/azure-dicom';

describe('routeOf', () => {
  // prettier-ignore
  const PASSED: readonly (readonly [cite: string, method: string, target: string, kind: string, path: string])[] = [
    ['design 10', 'POST', `${S}/studies`, 'store', '/studies'],
    ['design 10', 'POST', `${S}/studies/1.2.3`, 'store', '/studies/1.2.3'],
    ['a slash at the end', 'POST', `${S}/studies/`, 'store', '/studies'],
    ['a query string stays', 'GET', `${S}/studies?limit=1&PatientName=A%20B`, 'read', '/studies?limit=1&PatientName=A%20B'],
    ['a second "?" belongs to it', 'GET', `${S}/studies?a=/../b?c`, 'read', '/studies?a=/../b?c'],
    ['PS3.18 10.4', 'GET', `${S}/studies/1/series/2/instances/3/frames/1,2`, 'read', '/studies/1/series/2/instances/3/frames/1,2'],
    ['PS3.18 10.7', 'DELETE', `${S}/studies/1/series/2`, 'delete', '/studies/1/series/2'],
    ['escapes stay as they are', 'GET', `${S}/studies/a%2Cb`, 'read', '/studies/a%2Cb'],
    ['the name may be escaped', 'GET', '/servers/azure%2Ddicom/studies', 'read', '/studies'],
  ];
  it.each(PASSED)('%s: %s %s', (_cite, method, target, kind, path) => {
    expect(routeOf(method, target)).toEqual({ kind, server: 'azure-dicom', path });
  });

  // prettier-ignore
  const REFUSED: readonly (readonly [cite: string, method: string, target: string, status: number])[] = [
    ['no such route', 'GET', '/', 404],
    ['no such route', 'GET', '/studies', 404],
    ['no server', 'GET', '/servers', 404],
    ['another server', 'GET', '/servers/other/studies', 404],
    ['hostile name', 'GET', '/servers/__proto__/studies', 404],
    ['nothing below the server', 'GET', S, 404],
    ['RFC 9110 15.5.6', 'PUT', `${S}/studies`, 405],
    ['POST below a study', 'POST', `${S}/studies/1/series`, 405],
    ['POST elsewhere', 'POST', `${S}/workitems`, 405],
    ['POST', 'POST', '/status', 405],
    ['out of the service', 'GET', `${S}/../../admin`, 400],
    ['out of the service, escaped', 'GET', `${S}/%2e%2E/admin`, 400],
    ['a slash, escaped', 'GET', `${S}/studies/..%2f..%2fadmin`, 400],
    ['a backslash, escaped', 'GET', `${S}/studies/..%5cadmin`, 400],
    ['a backslash', 'GET', `${S}/studies\\..`, 400],
    ['an empty segment', 'GET', `${S}//evil.example/`, 400],
    ['absolute form', 'GET', `http://evil.example${S}/studies`, 400],
    ['a control character', 'GET', `${S}/studies/%0d%0aX:1`, 400],
    ['no UTF-8', 'GET', `${S}/studies/%ff`, 400],
    ['an unfinished escape', 'GET', `${S}/studies/%2`, 400],
  ];
  it.each(REFUSED)('%s: %s %s -> %i', (_cite, method, target, status) => {
    expect(routeOf(method, target)).toMatchObject({ kind: 'none', status });
  });

  // prettier-ignore
  const OWN: readonly (readonly [cite: string, method: string, target: string, route: object])[] = [
    ['design 10', 'GET', '/status', { kind: 'status' }],
    ['design 10', 'GET', '/metrics', { kind: 'metrics' }],
    ['design 10', 'GET', '/health', { kind: 'health', probe: 'all' }],
    ['issue 5: live', 'GET', '/health/live', { kind: 'health', probe: 'live' }],
    ['issue 5: ready', 'GET', '/health/ready', { kind: 'health', probe: 'ready' }],
    ['a part', 'GET', '/queue/dead?limit=1', { kind: 'part', segments: ['queue', 'dead'] }],
    ['a part with a method of its own', 'POST', '/queue/1/retry', { kind: 'part', segments: ['queue', '1', 'retry'] }],
    ['a part without it', 'DELETE', '/queue/1', { kind: 'none', status: 405, allow: 'GET, POST' }],
    ['hostile name', 'GET', '/health/__proto__', { kind: 'none', status: 404 }],
  ];
  it.each(OWN)('%s: %s %s', (_cite, method, target, route) => {
    expect(routeOf(method, target)).toMatchObject(route);
  });

  it('names the server in the answer for another', () => {
    expect(routeOf('GET', '/servers/azure/studies')).toMatchObject({
      text: 'There is no server "azure" here. The servers are: "azure-dicom".',
    });
  });
});
