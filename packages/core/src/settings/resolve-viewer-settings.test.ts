import { resolveViewerSettings } from './resolve-viewer-settings.ts';
import { AZURE_DICOM_SCOPE } from '../azure-dicom-service.ts';
import { DATA_SOURCE_NAMESPACE } from './viewer-settings.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';
const SIGN_IN = { tenantId: TENANT, clientId: 'viewer' };
const SERVICE = 'https://ws-svc.dicom.azurehealthcareapis.com';
const PAGE = 'https://viewer.example';

const configWith = (configuration: unknown, rest: object = {}) => ({
  dataSources: [{ namespace: DATA_SOURCE_NAMESPACE, sourceName: 'azure', configuration }],
  ...rest,
});
const resolve = (configuration: unknown, rest: object = {}) =>
  resolveViewerSettings(configWith(configuration, rest), PAGE);

describe('resolveViewerSettings', () => {
  it('fills in every default of the serviceUrl form', () => {
    const { archives, problems } = resolve({ serviceUrl: SERVICE, signIn: SIGN_IN });
    expect(problems).toEqual([]);
    expect(archives).toEqual([
      {
        sourceName: 'azure',
        friendlyName: 'Azure DICOM service',
        dicomwebRoot: `${SERVICE}/v2`,
        searchRoot: `${SERVICE}/v2`,
        dialect: 'azure',
        queryLimit: 2000,
        audience: 'https://dicom.healthcareapis.azure.com',
        signIn: {
          authority: `https://login.microsoftonline.com/${TENANT}/v2.0`,
          clientId: 'viewer',
          scopes: ['openid', 'profile', 'offline_access', AZURE_DICOM_SCOPE],
          redirectPath: '/callback',
          signedOutPath: '/signed-out',
          when: 'start',
        },
        shareTokens: { accept: true, writeTypes: [] },
        report: {
          observer: 'account',
          contentQualification: 'PRODUCT',
          manufacturer: 'ohif-azure',
          drafts: true,
          draftHours: 24,
        },
        stock: {},
      },
    ]);
  });

  it('adds version and partition to the root', () => {
    const { archives } = resolve({
      serviceUrl: SERVICE,
      apiVersion: 'v1',
      partition: 'clinic-a',
      signIn: SIGN_IN,
    });
    expect(archives[0]?.dicomwebRoot).toBe(`${SERVICE}/v1/partitions/clinic-a`);
  });

  it.each([
    [{ partitions: ['a', 'b'] }, ['azure a', 'azure~b b']],
    [{ partition: 'b', partitions: ['a', 'b', 'a'] }, ['azure b', 'azure~a a']],
    [{ partitions: 'all' }, ['azure Microsoft.Default']],
    [{ partition: 'a', partitions: 'all' }, ['azure a']],
    [{ partitions: ['a', 'b.c'] }, ['azure a', 'azure~b~c b.c']],
  ])('each partition that can be chosen is an archive of its own: %j', (settings, expected) => {
    const { archives, problems } = resolve(
      { serviceUrl: SERVICE, signIn: SIGN_IN, friendlyName: 'X', ...settings },
      { defaultDataSourceName: 'azure' }
    );
    expect(problems).toEqual([]);
    expect(archives.map(each => `${each.sourceName} ${each.partition?.name}`)).toEqual(expected);
    for (const { dicomwebRoot, searchRoot, friendlyName, partition } of archives) {
      expect(dicomwebRoot).toBe(`${SERVICE}/v2/partitions/${partition?.name}`);
      expect(searchRoot).toBe(dicomwebRoot);
      expect(friendlyName).toBe(`X · ${partition?.name}`);
    }
  });

  it.each([
    [{ partitions: [] }, 'partitions'],
    [{ partitions: ['a/b'] }, 'partitions'],
    [{ partitions: 'some' }, 'partitions'],
    [{ queryLimit: 0 }, 'queryLimit'],
    [{ queryLimit: 2.5 }, 'queryLimit'],
    [{ queryLimit: 10_001 }, 'queryLimit'],
  ])('names the mistake in %j', (settings, path) => {
    const { problems } = resolve({ serviceUrl: SERVICE, signIn: SIGN_IN, ...settings });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toContain(`dataSources[0].configuration.${path}`);
  });

  it('a data source with the name of a partition’s is a mistake', () => {
    const source = (sourceName: string, more: object) => ({
      namespace: DATA_SOURCE_NAMESPACE,
      sourceName,
      configuration: { serviceUrl: SERVICE, signIn: SIGN_IN, ...more },
    });
    const dataSources = [source('azure', { partitions: ['a', 'b'] }), source('azure~b', {})];
    const { problems } = resolveViewerSettings({ dataSources }, PAGE);
    expect(problems.map(({ found }) => found)).toEqual(['the sourceName "azure~b" more than once']);
  });

  it('takes the documented form with a top-level oidc block over, and says so once', () => {
    const { archives, notes, problems } = resolve(
      {
        friendlyName: 'Azure',
        qidoRoot: `${SERVICE}/v2`,
        wadoRoot: `${SERVICE}/v2/`,
        wadoUriRoot: `${SERVICE}/v2`,
        supportsWildcard: true,
        imageRendering: 'wadors',
      },
      {
        oidc: [
          {
            authority: `https://login.microsoftonline.com/${TENANT}/v2.0`,
            client_id: 'viewer',
            redirect_uri: '/callback',
            response_type: 'id_token token',
            scope: 'openid',
            post_logout_redirect_uri: '/',
            revokeAccessTokenOnSignout: true,
          },
        ],
      }
    );
    expect(problems).toEqual([]);
    expect(notes).toHaveLength(1);
    expect(archives[0]).toMatchObject({
      dicomwebRoot: `${SERVICE}/v2`,
      dialect: 'azure',
      stock: { supportsWildcard: true, imageRendering: 'wadors' },
      signIn: {
        clientId: 'viewer',
        scopes: ['openid', 'profile', 'offline_access', AZURE_DICOM_SCOPE],
        redirectPath: '/callback',
        signedOutPath: '/signed-out',
      },
    });
  });

  it('asks no other provider for the Azure scope', () => {
    const oidc = [
      { authority: 'https://id.example/realms/clinic', client_id: 'v', scope: 'openid email' },
    ];
    const { archives } = resolve({ qidoRoot: '/dicom-web', wadoRoot: '/dicom-web' }, { oidc });
    expect(archives[0]?.signIn?.scopes).toEqual(['openid', 'profile', 'offline_access', 'email']);
    expect(archives[0]?.friendlyName).toBe('azure');
  });

  it('reads another archive by its roots, relative ones too, without a sign-in', () => {
    const { archives, problems } = resolve({ qidoRoot: '/dicom-web', wadoRoot: '/dicom-web' });
    expect(problems).toEqual([]);
    expect(archives[0]).toMatchObject({
      dicomwebRoot: `${PAGE}/dicom-web`,
      dialect: 'standard',
      signIn: undefined,
      audience: undefined,
    });
  });

  const at = (path: string) => `dataSources[0].configuration${path}`;
  const service = { serviceUrl: SERVICE, signIn: SIGN_IN };
  it.each<[string, unknown, string, string]>([
    ['no configuration', undefined, at(''), 'nothing'],
    ['neither form', { signIn: SIGN_IN }, at('.serviceUrl'), 'nothing'],
    [
      'placeholder left',
      { ...service, serviceUrl: 'https://<workspace>-<service>.dicom.azurehealthcareapis.com' },
      at('.serviceUrl'),
      '"https://<workspace>-<service>.dicom.azurehealthcareapis.com"',
    ],
    [
      'service with a path',
      { ...service, serviceUrl: `${SERVICE}/v2` },
      at('.serviceUrl'),
      `"${SERVICE}/v2"`,
    ],
    [
      'service without TLS',
      { ...service, serviceUrl: 'http://dicom.example' },
      at('.serviceUrl'),
      '"http://dicom.example"',
    ],
    [
      'misspelt setting',
      { ...service, apiversion: 'v2' },
      at('.apiversion'),
      'a setting of this name',
    ],
    [
      'prototype as a setting',
      JSON.parse(
        `{"serviceUrl":"${SERVICE}","signIn":{"tenantId":"${TENANT}","clientId":"v"},"constructor":1}`
      ),
      at('.constructor'),
      'a setting of this name',
    ],
    ['unknown version', { ...service, apiVersion: 'v3' }, at('.apiVersion'), '"v3"'],
    [
      'no client id',
      { ...service, signIn: { tenantId: TENANT } },
      at('.signIn.clientId'),
      'nothing',
    ],
    [
      'placeholder tenant',
      { ...service, signIn: { ...SIGN_IN, tenantId: '<tenant id>' } },
      at('.signIn.tenantId'),
      '"<tenant id>"',
    ],
    [
      'neither tenant nor authority',
      { ...service, signIn: { clientId: 'v' } },
      at('.signIn.tenantId'),
      'nothing',
    ],
    [
      'tenant and authority',
      { ...service, signIn: { ...SIGN_IN, authority: 'https://id.example' } },
      at('.signIn.authority'),
      'both tenantId and authority',
    ],
    [
      'root as callback',
      { ...service, signIn: { ...SIGN_IN, redirectPath: '/' } },
      at('.signIn.redirectPath'),
      '"/"',
    ],
    [
      'scopes without openid',
      { ...service, signIn: { ...SIGN_IN, scopes: ['profile'] } },
      at('.signIn.scopes'),
      'a list',
    ],
    ['no sign-in for Azure', { serviceUrl: SERVICE }, at('.signIn'), 'nothing'],
    [
      'both forms',
      { ...service, wadoRoot: SERVICE },
      at('.serviceUrl'),
      'both serviceUrl and qidoRoot or wadoRoot',
    ],
    ['one root only', { qidoRoot: '/dicom-web' }, at('.wadoRoot'), 'nothing'],
    [
      'report qualification',
      { ...service, report: { contentQualification: 'CLINICAL' } },
      at('.report.contentQualification'),
      '"CLINICAL"',
    ],
    [
      'root with a query',
      { qidoRoot: '/a', wadoRoot: 'https://h.example/dicom?x=1' },
      at('.wadoRoot'),
      '"https://h.example/dicom?x=1"',
    ],
    [
      'root with a password',
      { qidoRoot: '/a', wadoRoot: 'https://u:p@h.example/' },
      at('.wadoRoot'),
      '"https://u:p@h.example/"',
    ],
    [
      'root of another host',
      { qidoRoot: '/a', wadoRoot: '/\\evil' },
      at('.wadoRoot'),
      '"/\\\\evil"',
    ],
    ['partition that climbs', { ...service, partition: '..' }, at('.partition'), '".."'],
    [
      'unknown in report',
      { ...service, report: { observr: 'account' } },
      at('.report.observr'),
      'a setting of this name',
    ],
  ])('names the mistake: %s', (_case, configuration, path, found) => {
    const { problems } = resolve(configuration);
    expect(problems).toEqual([{ path, found, expected: expect.stringMatching(/./) }]);
  });

  it('reports all mistakes at once', () => {
    const { problems } = resolve({
      serviceUrl: 'ftp://x',
      apiVersion: 3,
      signIn: { redirectPath: 'callback' },
      colour: 'red',
    });
    expect(problems.map(({ path }) => path).sort()).toEqual(
      [
        at('.apiVersion'),
        at('.colour'),
        at('.serviceUrl'),
        at('.signIn.clientId'),
        at('.signIn.redirectPath'),
        at('.signIn.tenantId'),
      ].sort()
    );
  });

  it.each<[string, unknown, string]>([
    ['no data source of ours', { dataSources: [] }, 'dataSources'],
    ['no object', undefined, 'dataSources'],
    ['empty oidc block', configWith({ qidoRoot: '/a', wadoRoot: '/a' }, { oidc: [] }), 'oidc[0]'],
    [
      'unknown default source',
      configWith(service, { defaultDataSourceName: 'azur' }),
      'defaultDataSourceName',
    ],
    [
      'oidc and signIn',
      configWith(service, { oidc: [{ authority: 'https://id.example', client_id: 'v' }] }),
      'oidc',
    ],
    [
      'the same name twice',
      {
        dataSources: [1, 2].map(() => ({
          namespace: DATA_SOURCE_NAMESPACE,
          sourceName: 'a',
          configuration: service,
        })),
      },
      'dataSources',
    ],
    [
      'callback and sign-out on one path',
      configWith({ ...service, signIn: { ...SIGN_IN, signedOutPath: '/callback' } }),
      'azure: signIn.signedOutPath',
    ],
    [
      'callback on a path of the viewer',
      configWith({ ...service, signIn: { ...SIGN_IN, redirectPath: '/viewer' } }),
      'azure: signIn.redirectPath',
    ],
    [
      'two different sign-ins',
      {
        dataSources: ['a', 'b'].map(clientId => ({
          namespace: DATA_SOURCE_NAMESPACE,
          sourceName: clientId,
          configuration: { serviceUrl: SERVICE, signIn: { tenantId: TENANT, clientId } },
        })),
      },
      'dataSources',
    ],
  ])('checks the whole file: %s', (_case, config, path) => {
    expect(resolveViewerSettings(config, PAGE).problems.map(problem => problem.path)).toContain(
      path
    );
  });
});
