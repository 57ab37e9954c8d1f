import { readFileSync } from 'node:fs';
import type { RelayError } from './relay-error.ts';
import { DEFAULT_ROUTING } from './router/routing-schema.ts';
import {
  DEFAULT_DATA_FOLDER,
  DEFAULT_HOST,
  DEFAULT_MAX_REQUEST_BYTES,
  DEFAULT_PORT,
  DEFAULT_QUIET_SECONDS,
  DEFAULT_RETRY_SECONDS,
  DEFAULT_SCOPE,
  DEFAULT_STOP_SECONDS,
  relaySettingRows,
  relaySettingsMarkdown,
} from './settings-manifest.ts';
import type { ReadSettingsOptions } from './settings.ts';
import { loadRelaySettings, readRelaySettings } from './settings.ts';
import { startRelay } from './start-relay.ts';

const SECRET = 'MARKER-secret';
const GOOD = {
  OAUTH_CLIENT_ID: 'relay',
  OAUTH_CLIENT_SECRET: SECRET,
  OAUTH_TOKEN_ENDPOINT: 'https://login.microsoftonline.com/contoso/oauth2/v2.0/token',
  DICOM_SERVICE_URL: 'https://w-s.dicom.azurehealthcareapis.com/v2/',
};

function mistakes(
  env: Record<string, string | undefined>,
  options?: ReadSettingsOptions
): string[] {
  try {
    readRelaySettings(env, options);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_RELAY_SETTINGS', retry: 'permanent' });
    expect((error as Error).message).not.toContain('MARKER');
    return (error as RelayError).problems.map(({ path }) => path);
  }
  return [];
}

describe('readRelaySettings', () => {
  it('gives the defaults of design section 10', () => {
    expect(readRelaySettings(GOOD)).toEqual({
      servers: [
        {
          name: 'azure-dicom',
          serviceUrl: 'https://w-s.dicom.azurehealthcareapis.com/v2',
          credential: {
            kind: 'secret',
            tokenEndpoint: GOOD.OAUTH_TOKEN_ENDPOINT,
            clientId: 'relay',
            clientSecret: SECRET,
            scope: DEFAULT_SCOPE,
          },
          verifyDuplicates: 'none',
          implicitVR: 'pass',
          maxRequestBytes: DEFAULT_MAX_REQUEST_BYTES,
          retrySeconds: DEFAULT_RETRY_SECONDS,
        },
      ],
      host: DEFAULT_HOST,
      port: DEFAULT_PORT,
      dataFolder: DEFAULT_DATA_FOLDER,
      stopSeconds: DEFAULT_STOP_SECONDS,
      quietSeconds: DEFAULT_QUIET_SECONDS,
      routing: DEFAULT_ROUTING,
    });
  });

  it('reads all that is set', () => {
    const env = {
      ...GOOD,
      DICOM_SCOPE: 'api://x/.default',
      RELAY_SERVER: 'archive',
      RELAY_PORT: '0',
      RELAY_HOST: '0.0.0.0',
      RELAY_USERNAME: 'orthanc',
      RELAY_PASSWORD: ' p:ä ',
      RELAY_KEY: '0123456789abcdef',
      RELAY_KEY_HEADER: 'X-Relay-Key',
      RELAY_VERIFY_DUPLICATES: 'hash',
      RELAY_IMPLICIT_VR: 'transcode',
      RELAY_MAX_REQUEST_BYTES: '1000000',
      RELAY_RETRY_SECONDS: '0',
      ORTHANC_URL: 'http://orthanc:8042/',
      ORTHANC_USERNAME: 'relay',
      ORTHANC_PASSWORD: 'x',
      RELAY_DATA: '/var/lib/relay',
      RELAY_DATABASE_URL: 'postgres://db/relay',
      RELAY_QUIET_SECONDS: '5',
      RELAY_STOP_SECONDS: '7',
    };
    expect(readRelaySettings(env)).toMatchObject({
      servers: [
        {
          name: 'archive',
          credential: { scope: 'api://x/.default' },
          verifyDuplicates: 'hash',
          implicitVR: 'transcode',
          maxRequestBytes: 1_000_000,
          retrySeconds: 0,
        },
      ],
      port: 0,
      host: '0.0.0.0',
      caller: {
        username: 'orthanc',
        password: ' p:ä ',
        key: '0123456789abcdef',
        keyHeader: 'x-relay-key',
      },
      orthanc: { url: 'http://orthanc:8042', username: 'relay', password: 'x' },
      dataFolder: '/var/lib/relay',
      databaseUrl: 'postgres://db/relay',
      quietSeconds: 5,
      stopSeconds: 7,
    });
  });

  it('reports every mistake at once, by name', () => {
    const env = { RELAY_PORT: '70000', RELAY_USERNAME: 'a:b', OAUTH_TOKEN_ENDPOINT: 'login' };
    expect(mistakes(env).sort()).toEqual([
      'DICOM_SERVICE_URL',
      'OAUTH_CLIENT_ID',
      'OAUTH_CLIENT_SECRET',
      'OAUTH_TOKEN_ENDPOINT',
      'RELAY_PASSWORD',
      'RELAY_PORT',
      'RELAY_USERNAME',
    ]);
  });

  it('takes the names AZ_DICOM_ENDPOINT_*', () => {
    const env = {
      AZ_DICOM_ENDPOINT_NAME: 'azure',
      AZ_DICOM_ENDPOINT_URL: 'https://h/v1/',
      AZ_DICOM_ENDPOINT_CLIENT_ID: 'id',
      AZ_DICOM_ENDPOINT_CLIENT_SECRET: SECRET,
      AZ_DICOM_ENDPOINT_TENANT_ID: 'contoso.onmicrosoft.com',
    };
    expect(readRelaySettings(env).servers).toMatchObject([
      {
        name: 'azure',
        serviceUrl: 'https://h/v1',
        credential: {
          kind: 'secret',
          clientId: 'id',
          clientSecret: SECRET,
          tokenEndpoint:
            'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token',
        },
      },
    ]);
    expect(mistakes({ ...GOOD, AZ_DICOM_ENDPOINT_URL: 'https://other/v2' })).toEqual([
      'AZ_DICOM_ENDPOINT_URL',
    ]);
    expect(mistakes({ ...GOOD, AZ_DICOM_ENDPOINT_TENANT_ID: 't' })).toEqual([
      'AZ_DICOM_ENDPOINT_TENANT_ID',
    ]);
  });

  // prettier-ignore
  const CREDENTIALS: readonly (readonly [cite: string, env: Record<string, string>, expected: string[] | object])[] = [
    ['a certificate', { RELAY_CREDENTIAL: 'certificate', OAUTH_CLIENT_CERTIFICATE_FILE: 'c.pem' }, { kind: 'certificate', certificate: 'text of c.pem', privateKey: 'text of c.pem' }],
    ['a certificate and its key', { RELAY_CREDENTIAL: 'certificate', OAUTH_CLIENT_CERTIFICATE_FILE: 'c.pem', OAUTH_CLIENT_KEY_FILE: 'k.pem', OAUTH_CLIENT_KEY_PASSPHRASE: SECRET }, { kind: 'certificate', privateKey: 'text of k.pem', passphrase: SECRET }],
    ['no certificate', { RELAY_CREDENTIAL: 'certificate' }, ['OAUTH_CLIENT_CERTIFICATE_FILE']],
    ['a certificate that is not there', { RELAY_CREDENTIAL: 'certificate', OAUTH_CLIENT_CERTIFICATE_FILE: 'missing' }, ['OAUTH_CLIENT_CERTIFICATE_FILE']],
    ['managed identity', { RELAY_CREDENTIAL: 'managed-identity', OAUTH_CLIENT_ID: '' }, { kind: 'managed-identity', resource: 'https://dicom.healthcareapis.azure.com' }],
    ['a user-assigned identity', { RELAY_CREDENTIAL: 'managed-identity', OAUTH_CLIENT_ID: 'c' }, { kind: 'managed-identity', clientId: 'c' }],
    ['none, here', { RELAY_CREDENTIAL: 'none', DICOM_SERVICE_URL: 'http://localhost:8080/v2' }, { kind: 'none' }],
    ['none, elsewhere', { RELAY_CREDENTIAL: 'none' }, ['RELAY_CREDENTIAL']],
    ['a secret in a file', { OAUTH_CLIENT_SECRET: '', OAUTH_CLIENT_SECRET_FILE: 'secret' }, { clientSecret: 'text of secret' }],
    ['a secret in a file that is not there', { OAUTH_CLIENT_SECRET: '', OAUTH_CLIENT_SECRET_FILE: 'missing' }, ['OAUTH_CLIENT_SECRET_FILE', 'OAUTH_CLIENT_SECRET']],
    ['another word', { RELAY_CREDENTIAL: 'password' }, ['RELAY_CREDENTIAL']],
  ];
  const readFile = (file: string): string => {
    if (file === 'missing') throw Object.assign(new Error('no'), { code: 'ENOENT' });
    return `text of ${file}\n`.replace(/pem\n$/, 'pem');
  };
  it.each(CREDENTIALS)('credential: %s', (_cite, env, expected) => {
    if (Array.isArray(expected)) {
      expect(mistakes({ ...GOOD, ...env }, { readFile })).toEqual(expected);
    } else {
      const [server] = readRelaySettings({ ...GOOD, ...env }, { readFile }).servers;
      expect(server?.credential).toMatchObject(expected);
    }
  });

  describe('with a file', () => {
    const CONFIG = {
      port: 0,
      caller: { key: { env: 'MY_KEY' } },
      servers: {
        north: {
          serviceUrl: 'https://north/v2',
          tenantId: 'north.example',
          clientId: 'n',
          clientSecret: { file: 'north-secret' },
        },
        south: { serviceUrl: 'https://south/v2', credential: 'managed-identity' },
      },
      orthanc: { url: 'http://127.0.0.1:8042' },
      routing: { rules: [{ name: 'all', server: 'south' }] },
    };
    const MY_KEY = 'MARKER-0123456789';

    it('has several servers and tenants, and takes secrets from elsewhere', () => {
      const settings = readRelaySettings({ MY_KEY }, { config: CONFIG, readFile });
      expect(settings).toMatchObject({
        port: 0,
        caller: { key: MY_KEY, keyHeader: 'x-api-key' },
        servers: [
          { name: 'north', credential: { kind: 'secret', clientSecret: 'text of north-secret' } },
          { name: 'south', credential: { kind: 'managed-identity' } },
        ],
        orthanc: { url: 'http://127.0.0.1:8042' },
        routing: { rules: [{ name: 'all', server: 'south', action: 'send' }] },
      });
    });

    it('lets the environment win, and add its server', () => {
      const env = {
        ...GOOD,
        MY_KEY,
        RELAY_PORT: '1',
        RELAY_SERVER: 'south',
        ORTHANC_URL: 'http://o',
      };
      const settings = readRelaySettings(env, { config: CONFIG, readFile });
      expect(settings).toMatchObject({ port: 1, orthanc: { url: 'http://o' } });
      expect(settings.servers.map(({ name }) => name)).toEqual(['north', 'south']);
      expect(settings.servers[1]).toMatchObject({
        serviceUrl: 'https://w-s.dicom.azurehealthcareapis.com/v2',
      });
      const more = readRelaySettings({ ...GOOD, MY_KEY }, { config: CONFIG, readFile });
      expect(more.servers.map(({ name }) => name)).toEqual(['north', 'south', 'azure-dicom']);
    });

    it('reports every mistake at once, by its path', () => {
      const config = {
        prot: 1,
        port: 'x',
        caller: { key: { env: 'NOT_SET' }, keyHeader: 'Authorization' },
        servers: {
          'a/b': { serviceUrl: 'https://h/v2' },
          north: { serviceUrl: 'ftp://h', clientID: 'n', clientSecret: 7, verifyDuplicates: 'md5' },
          list: [],
        },
        orthanc: { username: 'u' },
        routing: { rules: [{ name: 'x', server: 'nowhere' }], polMs: 5 },
      };
      expect(mistakes({}, { config }).sort()).toEqual([
        'caller.key',
        'caller.keyHeader',
        'orthanc.url',
        'port',
        'prot',
        'routing.polMs',
        'servers.a/b',
        'servers.a/b.clientId',
        'servers.a/b.clientSecret',
        'servers.a/b.tokenEndpoint',
        'servers.list',
        'servers.list.clientId',
        'servers.list.clientSecret',
        'servers.list.serviceUrl',
        'servers.list.tokenEndpoint',
        'servers.north.clientID',
        'servers.north.clientId',
        'servers.north.clientSecret',
        'servers.north.serviceUrl',
        'servers.north.tokenEndpoint',
        'servers.north.verifyDuplicates',
      ]);
      expect(
        mistakes(
          { MY_KEY },
          { config: { ...CONFIG, routing: { otherwise: { server: 'nowhere' } } }, readFile }
        )
      ).toEqual(['routing: server']);
      expect(mistakes({ ...GOOD }, { config: [] })).toEqual(['the file']);
    });

    it('takes the example of platform-config', () => {
      const file = new URL('../../../platform-config/orthanc/relay.json', import.meta.url);
      const config: unknown = JSON.parse(readFileSync(file, 'utf8'));
      const { servers } = readRelaySettings({ RELAY_PASSWORD: SECRET }, { config, readFile });
      expect(servers.map(({ name, credential }) => [name, credential.kind])).toEqual([
        ['azure-dicom', 'secret'],
        ['research', 'managed-identity'],
      ]);
    });

    it('says what is wrong with the file itself, without repeating it', () => {
      expect(() => loadRelaySettings({}, 'missing', readFile)).toThrow(
        /--config: found a file that cannot be read \(ENOENT\)/
      );
      expect(() => loadRelaySettings({}, 'x', () => '{"a": MARKER')).toThrow(
        /^(?!.*MARKER)[^]*no JSON/
      );
      expect(loadRelaySettings(GOOD, 'x', () => '{"port": 1}')).toMatchObject({ port: 1 });
      expect(loadRelaySettings(GOOD)).toMatchObject({ port: DEFAULT_PORT });
    });
  });

  it('says what was found and what is expected', () => {
    expect(() => readRelaySettings({ ...GOOD, RELAY_PORT: 'x' })).toThrow(
      'RELAY_PORT: found "x", expected a port from 0 to 65535 (0: any free one)'
    );
  });

  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, name: string, value: string, isGood: boolean])[] = [
    ['design 10: /v1 or /v2', 'DICOM_SERVICE_URL', 'https://h/v1', true],
    ['azure-dicom-service 0.2: partitions', 'DICOM_SERVICE_URL', 'https://h/v2/partitions/a', true],
    ['azure-dicom-service 0.1: no version', 'DICOM_SERVICE_URL', 'https://h', false],
    ['azure-dicom-service 0.3: another version', 'DICOM_SERVICE_URL', 'https://h/v3', false],
    ['below the service', 'DICOM_SERVICE_URL', 'https://h/v2/studies', false],
    ['a query string', 'DICOM_SERVICE_URL', 'https://h/v2?sig=MARKER', false],
    ['user and password', 'DICOM_SERVICE_URL', 'https://u:MARKER@h/v2', false],
    ['RFC 6750 5.3: no TLS', 'DICOM_SERVICE_URL', 'http://h/v2', false],
    ['local stack', 'DICOM_SERVICE_URL', 'http://localhost:8080/v2', true],
    ['no TLS', 'OAUTH_TOKEN_ENDPOINT', 'http://h/token', false],
    ['local stack', 'OAUTH_TOKEN_ENDPOINT', 'http://127.0.0.1:8081/t/token', true],
    ['a line break', 'OAUTH_CLIENT_SECRET', 'MARKER\nx', false],
    ['a slash', 'RELAY_SERVER', 'a/b', false],
    ['a dot segment', 'RELAY_SERVER', '..', false],
    ['not a port', 'RELAY_PORT', '-1', false],
    ['not a host', 'RELAY_HOST', 'a b', false],
    ['RFC 7617 2', 'RELAY_USERNAME', 'a:b', false],
    ['short enough to be guessed', 'RELAY_KEY', 'MARKER', false],
    ['a credential of another kind', 'RELAY_KEY_HEADER', 'Authorization', false],
    ['design 10', 'RELAY_DATABASE_URL', 'mysql://u:MARKER@h/d', false],
    ['not a number of seconds', 'RELAY_QUIET_SECONDS', '1.5', false],
    ['hostile name', 'RELAY_SERVER', '__proto__', false],
  ];
  it.each(ROWS)('%s: %s %j', (_cite, name, value, isGood) => {
    expect(mistakes({ ...GOOD, [name]: value }).includes(name)).toBe(!isGood);
  });

  // prettier-ignore
  const EXPOSURE: readonly (readonly [host: string, username: string, password: string, missing: string[]])[] = [
    ['127.0.0.1', '', '', []],
    ['127.8.9.1', '', '', []],
    ['localhost', '', '', []],
    ['::1', '', '', []],
    ['::1', 'u', 'p', []],
    ['127.0.0.1', 'u', '', ['RELAY_PASSWORD']],
    ['127.0.0.1', '', 'p', ['RELAY_USERNAME']],
    ['0.0.0.0', '', '', ['RELAY_USERNAME', 'RELAY_PASSWORD']],
    ['0.0.0.0', 'u', '', ['RELAY_PASSWORD']],
    ['::', 'u', 'p', []],
    ['127.0.0.1.example.org', '', '', ['RELAY_USERNAME', 'RELAY_PASSWORD']],
    ['::ffff:127.0.0.1', '', '', ['RELAY_USERNAME', 'RELAY_PASSWORD']],
  ];
  it.each(EXPOSURE)('host %s, user %j, password %j', (host, username, password, missing) => {
    const env = { RELAY_HOST: host, RELAY_USERNAME: username, RELAY_PASSWORD: password };
    expect(mistakes({ ...GOOD, ...env })).toEqual(missing);
  });

  it('is not the only guard: the start refuses as well', async () => {
    const settings = {
      ...readRelaySettings(GOOD),
      host: '0.0.0.0',
      port: 0,
      dataFolder: undefined,
    };
    await expect(startRelay(settings)).rejects.toMatchObject({ code: 'ERR_RELAY_SETTINGS' });
  });
});

describe('README', () => {
  it('has the table of the settings', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const cells = (text: string): string => text.replace(/[ -]+/g, ' ');
    expect(cells(readme)).toContain(cells(relaySettingsMarkdown()));
    expect(
      relaySettingRows().every(({ env, description }) => env.length > 0 && description !== '')
    ).toBe(true);
  });
});
