import { AZURE_DICOM_AUDIENCE } from '@ohif-azure/core';
import * as z from 'zod';
import type { FieldGroup, Fields } from './setting-field.ts';
import { integer, oneOf, plainURL, text } from './setting-field.ts';

/** Scope of the client credentials for the Azure DICOM service, the same for every service and tenant. */
export const DEFAULT_SCOPE = `${AZURE_DICOM_AUDIENCE}/.default`;
export const DEFAULT_PORT = 8083;
export const DEFAULT_HOST = '127.0.0.1';
/** The server's name in the routes: `/servers/azure-dicom/...`. */
export const DEFAULT_SERVER = 'azure-dicom';
/**
 * The longest body of one request to the service, in bytes. Below the limit of the hosted service (4 GB) and of its published source
 * (2147483647 bytes); a longer Store goes in several requests.
 */
export const DEFAULT_MAX_REQUEST_BYTES = 2_000_000_000;
/** How long a refused request (429, 503) may wait to be sent again, in seconds; Orthanc's default `Timeout` is 60. */
export const DEFAULT_RETRY_SECONDS = 30;
/** How long requests under way get to end when the relay stops, in seconds; systemd kills after 90. */
export const DEFAULT_STOP_SECONDS = 80;
export const DEFAULT_QUIET_SECONDS = 30;
export const DEFAULT_KEY_HEADER = 'x-api-key';
/** The relay's folder: boundaries of failed requests, the auto-router's ledger. */
export const DEFAULT_DATA_FOLDER = '.ohif-azure/relay';

const SERVICE_PATH = /\/v[12](?:\/partitions\/[\w.-]+)?\/?$/;
const HEADER_EXPECTED = 'the name of a header, such as X-Api-Key';
const DAY_SECONDS = 86_400;

/** The settings of one DICOM service; in the file below `servers.<name>`. */
export const SERVER_FIELDS = {
  clientId: {
    schema: text('the client id of the application that stores').optional(),
    env: ['OAUTH_CLIENT_ID', 'AZ_DICOM_ENDPOINT_CLIENT_ID'],
    description:
      'Application (client) id; the application needs the role DICOM Data Owner. With managed identity: of a user-assigned one',
  },
  clientSecret: {
    schema: text("the value of the application's client secret").optional(),
    env: ['OAUTH_CLIENT_SECRET', 'AZ_DICOM_ENDPOINT_CLIENT_SECRET'],
    isSecret: true,
    description: "The client secret's value (not its id)",
  },
  tokenEndpoint: {
    schema: plainURL(
      'an https:// URL (http:// only on this machine) without query string'
    ).optional(),
    env: ['OAUTH_TOKEN_ENDPOINT'],
    description: '`https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`',
  },
  tenantId: {
    schema: z
      .string('a tenant id (GUID) or a domain name of the tenant')
      .regex(/^[\w.-]+$/, 'a tenant id (GUID) or a domain name of the tenant')
      .optional(),
    env: ['AZ_DICOM_ENDPOINT_TENANT_ID'],
    description: 'In place of the token endpoint: directory (tenant) id in Microsoft Entra ID',
  },
  serviceUrl: {
    schema: plainURL(
      'an https:// URL (http:// only on this machine) that ends in /v1 or /v2, with /partitions/<name> where the service has partitions',
      SERVICE_PATH
    ),
    env: ['DICOM_SERVICE_URL', 'AZ_DICOM_ENDPOINT_URL'],
    description:
      '`https://<workspace>-<service>.dicom.azurehealthcareapis.com/v2`, with `/partitions/<name>` where the service has partitions',
  },
  scope: {
    schema: text('a scope such as https://dicom.healthcareapis.azure.com/.default').default(
      DEFAULT_SCOPE
    ),
    env: ['DICOM_SCOPE'],
    description: 'Scope of the access token',
  },
  credential: {
    schema: oneOf(['secret', 'certificate', 'managed-identity', 'none']).default('secret'),
    env: ['RELAY_CREDENTIAL'],
    description:
      'What access tokens are had for: client credentials with `secret` or `certificate`, `managed-identity` (on Azure), `none` (a service on this machine that asks for none)',
  },
  certificateFile: {
    schema: text('the path of a PEM file with the certificate').optional(),
    env: ['OAUTH_CLIENT_CERTIFICATE_FILE'],
    description: 'PEM file with the certificate (`certificate`)',
  },
  privateKeyFile: {
    schema: text('the path of a PEM file with the private key').optional(),
    env: ['OAUTH_CLIENT_KEY_FILE'],
    description: "PEM file with the certificate's private key; default: the certificate's file",
  },
  privateKeyPassphrase: {
    schema: text('the passphrase of the private key').optional(),
    env: ['OAUTH_CLIENT_KEY_PASSPHRASE'],
    isSecret: true,
    description: 'Passphrase of an encrypted private key',
  },
  verifyDuplicates: {
    schema: oneOf(['none', 'size', 'hash']).default('none'),
    env: ['RELAY_VERIFY_DUPLICATES'],
    description:
      'Whether an instance that the service has already (45070) is compared with what was sent: not at all, by the size of its data set, or by its SHA-256. The auto-router compares by SHA-256 where this says `none`',
  },
  implicitVR: {
    schema: oneOf(['pass', 'transcode']).default('pass'),
    env: ['RELAY_IMPLICIT_VR'],
    description:
      'Implicit VR Little Endian is passed on as it is, or made Explicit VR Little Endian on the way',
  },
  maxRequestBytes: {
    schema: integer('a number of bytes, 1000000 to 4294967295', 1_000_000, 4_294_967_295).default(
      DEFAULT_MAX_REQUEST_BYTES
    ),
    env: ['RELAY_MAX_REQUEST_BYTES'],
    description: 'A longer Store goes to the service in several requests',
  },
  retrySeconds: {
    schema: integer('a number of seconds, 0 to 3600', 0, 3_600).default(DEFAULT_RETRY_SECONDS),
    env: ['RELAY_RETRY_SECONDS'],
    description:
      'How long a request that the service refused with 429 or 503 may wait in the relay to be sent again; 0: never',
  },
} as const satisfies Fields;

/** Who may use the relay; in the file below `caller`. */
export const CALLER_FIELDS = {
  username: {
    schema: text('a user name without ":" (RFC 7617 2)')
      .refine(value => !value.includes(':'), { message: 'a user name without ":" (RFC 7617 2)' })
      .optional(),
    env: ['RELAY_USERNAME'],
    description: 'What Orthanc must present (Basic); set both or neither',
  },
  password: {
    schema: text('a password without control characters').optional(),
    env: ['RELAY_PASSWORD'],
    isSecret: true,
    description: 'See `RELAY_USERNAME`',
  },
  key: {
    schema: text('a key of at least 16 characters')
      .refine(value => /^[\x21-\x7e]{16,}$/.test(value), {
        message: 'a key of at least 16 characters, without spaces',
      })
      .optional(),
    env: ['RELAY_KEY'],
    isSecret: true,
    description: 'A key that is taken in place of user name and password, in a header of its own',
  },
  keyHeader: {
    schema: z
      .string(HEADER_EXPECTED)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, HEADER_EXPECTED)
      .refine(value => !/^(authorization|cookie|host|content-.*)$/i.test(value), {
        message: HEADER_EXPECTED,
      })
      .default(DEFAULT_KEY_HEADER),
    env: ['RELAY_KEY_HEADER'],
    description: 'Name of that header',
  },
} as const satisfies Fields;

/** The relay itself; in the file at the top. */
export const RELAY_FIELDS = {
  port: {
    schema: integer('a port from 0 to 65535 (0: any free one)', 0, 65_535).default(DEFAULT_PORT),
    env: ['RELAY_PORT'],
    description: 'Port to listen on (0: any free one)',
  },
  host: {
    schema: z
      .string('a host name or an address of this machine')
      .regex(/^[\w.:-]+$/, 'a host name or an address of this machine')
      .default(DEFAULT_HOST),
    env: ['RELAY_HOST'],
    description:
      'Address to listen on; wider than loopback only with user name and password, or a key',
  },
  dataFolder: {
    schema: text('the path of a folder').default(DEFAULT_DATA_FOLDER),
    env: ['RELAY_DATA'],
    description:
      'Folder of the relay: boundaries of failed requests, the ledger of the auto-router',
  },
  stopSeconds: {
    schema: integer('a number of seconds, 1 to 86400', 1, DAY_SECONDS).default(
      DEFAULT_STOP_SECONDS
    ),
    env: ['RELAY_STOP_SECONDS'],
    description: 'How long requests under way get to end when the relay stops; then they are cut',
  },
  databaseUrl: {
    schema: z
      .string('a URL that begins with postgres:// or postgresql://')
      .regex(/^postgres(ql)?:\/\/./, 'a URL that begins with postgres:// or postgresql://')
      .optional(),
    env: ['RELAY_DATABASE_URL'],
    isSecret: true,
    description: 'Auto-router: PostgreSQL in place of the ledger in the folder',
  },
  quietSeconds: {
    schema: integer('a number of seconds, 0 to 86400', 0, DAY_SECONDS).default(
      DEFAULT_QUIET_SECONDS
    ),
    env: ['RELAY_QUIET_SECONDS'],
    description: 'Auto-router: a study is sent when nothing of it has arrived for so long',
  },
} as const satisfies Fields;

/** Orthanc's REST API, for the auto-router; in the file below `orthanc`. */
export const ORTHANC_FIELDS = {
  url: {
    schema: z
      .string('an http:// or https:// URL without user, query string and fragment')
      .refine(isRestURL, {
        message: 'an http:// or https:// URL without user, query string and fragment',
      }),
    env: ['ORTHANC_URL'],
    description: "Orthanc's address, such as `http://127.0.0.1:8042`; turns the auto-router on",
  },
  username: {
    schema: text('a user name of Orthanc').optional(),
    env: ['ORTHANC_USERNAME'],
    description: 'User name at Orthanc',
  },
  password: {
    schema: text('a password without control characters').optional(),
    env: ['ORTHANC_PASSWORD'],
    isSecret: true,
    description: 'Password at Orthanc',
  },
} as const satisfies Fields;

/** Orthanc is often on a container's network, without TLS. */
function isRestURL(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return (
    /^https?:$/.test(protocol) && [username, password, search, hash].every(part => part === '')
  );
}

/** The environment's name of the one server that it can describe. */
export const SERVER_NAME_ENV = ['RELAY_SERVER', 'AZ_DICOM_ENDPOINT_NAME'] as const;
const NAME_EXPECTED = 'letters, digits, ".", "_" and "-"';
/** A name in the routes. */
export const serverName = z
  .string(NAME_EXPECTED)
  .regex(/^(?!__proto__$)[\w.-]*[\w-][\w.-]*$/, NAME_EXPECTED);

/** All settings, in the order of the documentation. */
export const FIELD_GROUPS: readonly FieldGroup[] = [
  { path: ['servers', '<name>'], fields: SERVER_FIELDS },
  { path: ['caller'], fields: CALLER_FIELDS },
  { path: [], fields: RELAY_FIELDS },
  { path: ['orthanc'], fields: ORTHANC_FIELDS },
];

/** One row of the settings' documentation. */
export interface SettingRow {
  readonly env: readonly string[];
  /** Place in the file; undefined: the server's name, which is a key there. */
  readonly path: string;
  readonly default: string;
  readonly description: string;
}

function defaultOf(name: string, schema: z.ZodType): string {
  const { success, data } = schema.safeParse(undefined);
  if (!success) return name === 'url' ? 'none' : 'required';
  return data === undefined ? 'none' : `\`${String(data)}\``;
}

/** Every setting, for the README. */
export function relaySettingRows(): SettingRow[] {
  const rows = FIELD_GROUPS.flatMap(({ path, fields }) =>
    Object.entries(fields).map(([name, field]) => ({
      env: field.env,
      path: [...path, name].join('.'),
      default: defaultOf(name, field.schema),
      description: field.description + (field.isSecret ? '. Secret' : ''),
    }))
  );
  const server = {
    env: SERVER_NAME_ENV,
    path: 'servers.<name>',
    default: `\`${DEFAULT_SERVER}\``,
    description: "The server's name in the routes",
  };
  return [server, ...rows];
}

/** The settings as the Markdown table of the README. */
export function relaySettingsMarkdown(): string {
  const cells = relaySettingRows().map(({ env, path, default: fallback, description }) => [
    env.map(name => `\`${name}\``).join(', '),
    `\`${path}\``,
    fallback,
    description,
  ]);
  return [['Environment', 'File', 'Default', 'What it is'], ['---', '---', '---', '---'], ...cells]
    .map(row => `| ${row.join(' | ')} |`)
    .join('\n');
}
