import { readFileSync } from 'node:fs';
import type { RelayError } from './relay-error.ts';
import { DEFAULT_HOST, DEFAULT_PORT, DEFAULT_SCOPE, RELAY_SETTINGS } from './settings-manifest.ts';
import { relaySettingsMarkdown } from './settings-manifest.ts';
import { readRelaySettings } from './settings.ts';
import { startRelay } from './start-relay.ts';

const SECRET = 'MARKER-secret';
const GOOD = {
  OAUTH_CLIENT_ID: 'relay',
  OAUTH_CLIENT_SECRET: SECRET,
  OAUTH_TOKEN_ENDPOINT: 'https://login.microsoftonline.com/contoso/oauth2/v2.0/token',
  DICOM_SERVICE_URL: 'https://w-s.dicom.azurehealthcareapis.com/v2/',
};

function mistakes(env: Record<string, string | undefined>): string[] {
  try {
    readRelaySettings(env);
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
      serverName: 'azure-dicom',
      serviceUrl: 'https://w-s.dicom.azurehealthcareapis.com/v2',
      tokenEndpoint: GOOD.OAUTH_TOKEN_ENDPOINT,
      clientId: 'relay',
      clientSecret: SECRET,
      scope: DEFAULT_SCOPE,
      host: DEFAULT_HOST,
      port: DEFAULT_PORT,
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
    };
    expect(readRelaySettings(env)).toMatchObject({
      scope: 'api://x/.default',
      serverName: 'archive',
      port: 0,
      host: '0.0.0.0',
      caller: { username: 'orthanc', password: ' p:ä ' },
    });
  });

  it('reports every mistake at once, by name', () => {
    const env = { RELAY_PORT: '70000', RELAY_USERNAME: 'a:b', OAUTH_TOKEN_ENDPOINT: 'login' };
    expect(mistakes(env)).toEqual([
      'OAUTH_CLIENT_ID',
      'OAUTH_CLIENT_SECRET',
      'OAUTH_TOKEN_ENDPOINT',
      'DICOM_SERVICE_URL',
      'RELAY_PORT',
      'RELAY_USERNAME',
      'RELAY_PASSWORD',
    ]);
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
    const settings = { ...readRelaySettings(GOOD), host: '0.0.0.0', port: 0 };
    await expect(startRelay(settings)).rejects.toMatchObject({ code: 'ERR_RELAY_SETTINGS' });
  });
});

describe('README', () => {
  it('has the table of the settings', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const cells = (text: string): string => text.replace(/[ -]+/g, ' ');
    expect(cells(readme)).toContain(cells(relaySettingsMarkdown()));
    expect(RELAY_SETTINGS).toHaveLength(10);
  });
});
