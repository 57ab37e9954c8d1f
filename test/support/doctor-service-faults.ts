import path from 'node:path';
import { freePort } from './free-port.ts';
import { dataSource, SEARCH, withFault, type FaultRow } from './doctor-scene.ts';

const PREFLIGHT = { method: 'OPTIONS', path: '^/v2' };
const allowed = (headers: string) => ({
  status: 204,
  headers: {
    'Access-Control-Allow-Headers': headers,
    'Access-Control-Allow-Methods': 'GET, POST, DELETE',
  },
});

/** The faults of the item 8 that have to do with the service, CORS, clocks and the configuration. */
export const SERVICE_FAULTS: FaultRow[] = [
  [
    'service URL without /v2',
    async scene => ({ args: ['--service', new URL(scene.stack.dicom).origin] }),
    'fail',
    'service-url-version',
  ],
  [
    'service URL with a path',
    async scene => ({ args: ['--service', `${scene.stack.dicom}/studies`] }),
    'fail',
    'service-url-path',
  ],
  [
    'serviceUrl in azure.js with a path',
    async scene => ({ args: await scene.good({}, { serviceUrl: scene.stack.dicom }) }),
    'fail',
    'service-url-path',
  ],
  [
    'service not there',
    async () => ({ args: ['--service', `http://127.0.0.1:${await freePort()}/v2`] }),
    'fail',
    'service-unreachable',
  ],
  [
    'data partition missing',
    withFault('dicom', {
      match: SEARCH,
      status: 400,
      body: 'PartitionName value is missing in the route segment.',
    }),
    'fail',
    'service-url-path',
  ],
  [
    'CORS lacks the viewer’s origin',
    withFault('dicom', {
      match: PREFLIGHT,
      status: 204,
      headers: {
        'Access-Control-Allow-Origin': 'https://other.example',
        'Access-Control-Allow-Headers': 'authorization, content-type, accept',
      },
    }),
    'fail',
    'cors-origin',
  ],
  [
    'CORS lacks authorization',
    withFault('dicom', { match: PREFLIGHT, ...allowed('content-type, accept') }),
    'fail',
    'cors-authorization',
  ],
  [
    'CORS: * does not stand for authorization',
    withFault('dicom', { match: PREFLIGHT, ...allowed('*') }),
    'fail',
    'cors-authorization',
  ],
  [
    'CORS lacks content-type',
    withFault('dicom', { match: PREFLIGHT, ...allowed('authorization, accept') }),
    'fail',
    'cors-content-type',
  ],
  [
    'CORS lacks DELETE',
    withFault('dicom', {
      match: PREFLIGHT,
      status: 204,
      headers: {
        'Access-Control-Allow-Headers': 'authorization, content-type, accept',
        'Access-Control-Allow-Methods': 'GET, POST',
      },
    }),
    'warn',
    'cors-method',
  ],
  [
    'clock skew of ten minutes',
    withFault('dicom', () => ({
      match: SEARCH,
      status: 200,
      headers: { Date: new Date(Date.now() - 600_000).toUTCString() },
      body: '[]',
    })),
    'fail',
    'clock-skew',
  ],
  [
    'clock skew of two minutes',
    withFault('dicom', () => ({
      match: SEARCH,
      status: 200,
      headers: { Date: new Date(Date.now() + 120_000).toUTCString() },
      body: '[]',
    })),
    'warn',
    'clock-skew',
  ],
  [
    'wildcard search configured',
    async scene => ({
      args: await scene.config(
        dataSource({
          qidoRoot: scene.stack.dicom,
          wadoRoot: scene.stack.dicom,
          dialect: 'azure',
          signIn: scene.signIn(),
          supportsWildcard: true,
        })
      ),
    }),
    'warn',
    'wildcard-search',
  ],
  [
    'wildcard search configured for the stock data source',
    async scene => ({
      args: await scene.config({
        dataSources: [
          {
            namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
            sourceName: 'd',
            configuration: {
              qidoRoot: 'https://w-s.dicom.azurehealthcareapis.com/v2',
              supportsWildcard: true,
            },
          },
        ],
      }),
    }),
    'fail',
    'wildcard-search',
  ],
  [
    'azure.js does not parse',
    async scene => ({ args: await scene.config('window.config = {\n  dataSources: [\n') }),
    'fail',
    'config-syntax',
  ],
  [
    'azure.js fails when it is run',
    async scene => ({ args: await scene.config('window.config = {};\nnotThere();') }),
    'fail',
    'config-fails',
  ],
  [
    'azure.js never comes to an end',
    async scene => ({ args: await scene.config('while (true) {}') }),
    'fail',
    'config-fails',
  ],
  [
    'azure.js with a setting that there is none of',
    async scene => ({ args: await scene.good({}, { servceUrl: 'x' }) }),
    'fail',
    'config-settings',
  ],
  [
    'azure.js is not there',
    async scene => ({ args: ['--config', path.join(scene.folder, 'none.js')] }),
    'fail',
    'config-missing',
  ],
  [
    'the service is overloaded',
    async scene => {
      await scene.dicom.inject({ match: SEARCH, status: 503 });
      return { args: await scene.good(), env: scene.credentials() };
    },
    'warn',
    'throttled',
  ],
];
