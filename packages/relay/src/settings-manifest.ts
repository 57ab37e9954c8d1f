import { isLoopback } from '@ohif-azure/core/settings';

/** One setting of the relay. The parser, its messages and the table in the README are derived from these rows. */
export interface SettingRow {
  /** Name of the environment variable. */
  readonly name: string;
  /** Used when the variable is absent or empty. Without one, and unless `optional`, the setting is required. */
  readonly default?: string;
  readonly optional?: boolean;
  /** Its value never stands in a message. */
  readonly secret?: boolean;
  /** Completes "expected ..." in a message. */
  readonly expected: string;
  readonly description: string;
  readonly isValid: (value: string) => boolean;
}

/** Scope of the client credentials for the Azure DICOM service, the same for every service and tenant. */
export const DEFAULT_SCOPE = 'https://dicom.healthcareapis.azure.com/.default';
export const DEFAULT_PORT = 8083;
export const DEFAULT_HOST = '127.0.0.1';
/** The server's name in the routes: `/servers/azure-dicom/...`. */
export const DEFAULT_SERVER = 'azure-dicom';

const HIGHEST_PORT = 65_535;

/** No line breaks and no other control characters: the value stands in a header or in a form. */
const isText = (value: string): boolean => value.trim() !== '' && !/\p{Cc}/u.test(value);

/** `https:`, or `http:` on this machine; without user, password, query string and fragment. */
function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  const isSecure = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return isSecure && [username, password, search, hash].every(part => part === '');
}

const SERVICE_PATH = /\/v[12](?:\/partitions\/[\w.-]+)?\/?$/;

const isPort = (value: string): boolean => /^\d{1,5}$/.test(value) && Number(value) <= HIGHEST_PORT;

/** All settings, in the order of the documentation. */
export const RELAY_SETTINGS = [
  {
    name: 'OAUTH_CLIENT_ID',
    expected: 'the client id of the application that stores',
    description: 'Application (client) id; the application needs the role DICOM Data Owner',
    isValid: isText,
  },
  {
    name: 'OAUTH_CLIENT_SECRET',
    secret: true,
    expected: "the value of the application's client secret",
    description: "The client secret's value (not its id)",
    isValid: isText,
  },
  {
    name: 'OAUTH_TOKEN_ENDPOINT',
    expected: 'an https:// URL (http:// only on this machine) without query string',
    description: '`https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`',
    isValid: isPlainUrl,
  },
  {
    name: 'DICOM_SERVICE_URL',
    expected:
      'an https:// URL (http:// only on this machine) that ends in /v1 or /v2, with /partitions/<name> where the service has partitions',
    description:
      '`https://<workspace>-<service>.dicom.azurehealthcareapis.com/v2`, with `/partitions/<name>` where the service has partitions',
    isValid: value => isPlainUrl(value) && SERVICE_PATH.test(new URL(value).pathname),
  },
  {
    name: 'DICOM_SCOPE',
    default: DEFAULT_SCOPE,
    expected: 'a scope such as https://dicom.healthcareapis.azure.com/.default',
    description: 'Scope of the access token',
    isValid: isText,
  },
  {
    name: 'RELAY_SERVER',
    default: DEFAULT_SERVER,
    expected: 'letters, digits, ".", "_" and "-"',
    description: "The server's name in the routes",
    isValid: value => /^[\w.-]*[\w-][\w.-]*$/.test(value),
  },
  {
    name: 'RELAY_PORT',
    default: String(DEFAULT_PORT),
    expected: `a port from 0 to ${HIGHEST_PORT} (0: any free one)`,
    description: 'Port to listen on (0: any free one)',
    isValid: isPort,
  },
  {
    name: 'RELAY_HOST',
    default: DEFAULT_HOST,
    expected: 'a host name or an address of this machine',
    description: 'Address to listen on; wider than loopback only with user name and password',
    isValid: value => /^[\w.:-]+$/.test(value),
  },
  {
    name: 'RELAY_USERNAME',
    optional: true,
    expected: 'a user name without ":" (RFC 7617 2)',
    description: 'What Orthanc must present (Basic); set both or neither',
    isValid: value => isText(value) && !value.includes(':'),
  },
  {
    name: 'RELAY_PASSWORD',
    optional: true,
    secret: true,
    expected: 'a password without control characters',
    description: 'See `RELAY_USERNAME`',
    isValid: isText,
  },
] as const satisfies readonly SettingRow[];

export type SettingName = (typeof RELAY_SETTINGS)[number]['name'];

/** The settings as the Markdown table of the README. */
export function relaySettingsMarkdown(): string {
  const cells = (RELAY_SETTINGS as readonly SettingRow[]).map(row => [
    `\`${row.name}\``,
    row.default === undefined ? (row.optional ? 'none' : 'required') : `\`${row.default}\``,
    row.description + (row.secret ? '. Secret' : ''),
  ]);
  return [['Setting', 'Default', 'What it is'], ['---', '---', '---'], ...cells]
    .map(row => `| ${row.join(' | ')} |`)
    .join('\n');
}
