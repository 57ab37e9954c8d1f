/**
 * The manifest of the viewer's settings: name, type, unit, bounds, default and description of each
 * setting under `dataSources[].configuration`. The parser, its messages, the JSON schema and the table
 * in docs/settings.md are all derived from it.
 */
import * as z from 'zod';
import { AZURE_DICOM_SCOPE } from '../azure-dicom-service.ts';

export const DEFAULT_SCOPES: readonly string[] = [
  'openid',
  'profile',
  'offline_access',
  AZURE_DICOM_SCOPE,
];
/** The data source's namespace in `window.config.dataSources[]`. */
export const DATA_SOURCE_NAMESPACE = '@ohif-azure/extension-azure.dataSourcesModule.azure-dicomweb';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Values of the shipped file that an administrator has not replaced yet, e.g. `<tenant id>`. */
const PLACEHOLDER = /[<>]/;

const text = (expected: string) => z.string(expected).trim().min(1, expected);

const filledIn = (expected: string) =>
  text(expected).refine(value => !PLACEHOLDER.test(value), {
    message: `${expected}, in place of the placeholder`,
  });

/** `https://host[:port]`, or http on this machine, where browsers treat it as secure. */
function isSecureOrigin(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const ORIGIN_EXPECTED =
  'an https:// address without a path, such as https://<workspace>-<service>.dicom.azurehealthcareapis.com';
const serviceOrigin = filledIn(ORIGIN_EXPECTED).refine(
  value => isSecureOrigin(value) && new URL(value).origin === value.replace(/\/$/, ''),
  { message: ORIGIN_EXPECTED }
);

const AUTHORITY_EXPECTED = 'an https:// address of an OpenID provider';
const PATH_EXPECTED = "a path that starts with '/' and is not '/' itself";
const ownPath = text(PATH_EXPECTED).refine(value => /^\/[^/?#][^?#]*$/.test(value), {
  message: PATH_EXPECTED,
});

const ROOT_EXPECTED = 'an https:// address without user, query or fragment, or a path on this site';
const dicomwebRoot = filledIn(ROOT_EXPECTED).refine(isDicomwebRoot, { message: ROOT_EXPECTED });

function isDicomwebRoot(value: string): boolean {
  if (/[?#]/.test(value)) return false;
  if (value.startsWith('/')) return !/^\/[/\\]/.test(value);
  return isSecureOrigin(value) && !new URL(value).username && !new URL(value).password;
}

const flag = (description: string) => z.boolean('true or false').meta({ description });

export const signInSchema = z.strictObject(
  {
    tenantId: filledIn("the directory (tenant) id of Microsoft Entra ID, or 'organizations'")
      .refine(value => GUID.test(value) || /^[a-z0-9.-]+$/i.test(value), {
        message: 'a tenant id (GUID) or a domain name of the tenant',
      })
      .optional()
      .meta({ description: 'Directory (tenant) id in Microsoft Entra ID.' }),
    clientId: filledIn('the application (client) id of the app registration').meta({
      description:
        'Application (client) id of the viewer’s app registration (platform: single-page application).',
    }),
    authority: text(AUTHORITY_EXPECTED)
      .refine(isSecureOrigin, { message: AUTHORITY_EXPECTED })
      .optional()
      .meta({ description: 'Any other OpenID provider; then `tenantId` is not needed.' }),
    scopes: z
      .array(text('a scope'), 'a list of scopes')
      .min(1, 'at least one scope')
      .refine(value => value.includes('openid'), { message: "a list that contains 'openid'" })
      .optional()
      .meta({
        description: `Scopes to ask for. Default: \`${DEFAULT_SCOPES.join(' ')}\`; for other archives than Azure \`openid profile offline_access\`.`,
      }),
    redirectPath: ownPath.default('/callback').meta({
      description: 'Path of the redirect URI that is registered with the provider.',
    }),
    signedOutPath: ownPath.default('/signed-out').meta({
      description: 'Path of the page after sign-out, registered as redirect URI too.',
    }),
    when: z.enum(['start', 'save'], "'start' or 'save'").default('start').meta({
      description:
        "'start': sign in before anything is shown. 'save': a share link may view without, and sign-in is asked for to save.",
    }),
  },
  'an object with at least clientId'
);

export const shareTokensSchema = z.strictObject(
  {
    accept: flag('Take `?token=` links: they view the studies they name.').default(true),
    writeTypes: z
      .array(text('a token type'), 'a list of token types')
      .default([])
      .meta({ description: 'Types of share tokens that may store, where the archive has such.' }),
  },
  'an object'
);

export const reportSchema = z.strictObject(
  {
    observer: z.enum(['account', 'none'], "'account' or 'none'").default('account').meta({
      description: 'Person observer of the report: the signed-in account’s display name.',
    }),
    contentQualification: z
      .enum(['PRODUCT', 'RESEARCH', 'SERVICE'], "'PRODUCT', 'RESEARCH' or 'SERVICE'")
      .default('PRODUCT')
      .meta({ description: 'Content Qualification (0018,9004) of the reports.' }),
    manufacturer: text('a name')
      .max(64, 'at most 64 characters')
      .default('ohif-azure')
      .meta({ description: 'Manufacturer (0008,0070) of the reports.' }),
    institutionName: text('a name')
      .max(64, 'at most 64 characters')
      .optional()
      .meta({ description: 'Institution Name (0008,0080) of the reports. Default: none.' }),
    drafts: z.boolean('true or false').default(true).meta({
      description:
        'Keep reports and measurements that are not saved yet on this computer, encrypted, so that a reload or a crash does not lose them.',
    }),
    draftHours: z
      .number('a number of hours')
      .min(1, 'at least 1 hour')
      .max(720, 'at most 720 hours')
      .default(24)
      .meta({ description: 'How long a draft is kept at most. Hours, 1 to 720.' }),
  },
  'an object'
);

const PARTITION_EXPECTED = 'up to 64 letters, digits, _ . and -';
/** A data partition's name. Service documentation, "Data partitions". */
export const PARTITION_NAME = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,64}$/;
const partitionName = text('the name of a data partition').regex(
  PARTITION_NAME,
  PARTITION_EXPECTED
);

const QUERY_LIMIT_EXPECTED = 'a whole number of studies from 1 to 10000';

const common = {
  name: z.string('a name').optional().meta({ description: 'Used by the stock viewer.' }),
  dialect: z.enum(['azure', 'standard'], "'azure' or 'standard'").optional().meta({
    description:
      "Whose rules searches and requests follow. Default: 'azure' with `serviceUrl` or on *.azurehealthcareapis.com, else 'standard'.",
  }),
  queryLimit: z
    .number(QUERY_LIMIT_EXPECTED)
    .int(QUERY_LIMIT_EXPECTED)
    .min(1, QUERY_LIMIT_EXPECTED)
    .max(10_000, QUERY_LIMIT_EXPECTED)
    .default(2000)
    .meta({
      description:
        'How many studies a search of the work list reads at most (docs/work-list.md). The list says when there are more. 1 to 10000.',
    }),
  signIn: signInSchema.optional(),
  shareTokens: shareTokensSchema.prefault({}),
  report: reportSchema.prefault({}),
};

export const serviceUrlForm = z.strictObject({
  serviceUrl: serviceOrigin.meta({
    description: 'The service’s address: origin only, as in the Azure portal without /v2.',
  }),
  apiVersion: z
    .enum(['v1', 'v2'], "'v1' or 'v2'")
    .default('v2')
    .meta({ description: 'Version of the service’s API.' }),
  partition: partitionName.optional().meta({
    description:
      'Data partition, where partitions are enabled. With `partitions`: the one that is shown first.',
  }),
  partitions: z
    .union(
      [z.literal('all'), z.array(partitionName).min(1)],
      "'all', or a list of names of data partitions"
    )
    .optional()
    .meta({
      description:
        "Data partitions that can be chosen in the work list, or 'all' that the service lists. Default: none to choose.",
    }),
  friendlyName: text('a name')
    .default('Azure DICOM service')
    .meta({ description: 'Name of the archive, as the clinicians know it.' }),
  ...common,
});

export const rootsForm = z.looseObject({
  friendlyName: text('a name').optional().meta({
    description: 'Name of the archive, as the clinicians know it. Default: the sourceName.',
  }),
  ...common,
  qidoRoot: dicomwebRoot.meta({ description: 'Root of searches (the documented OHIF form).' }),
  wadoRoot: dicomwebRoot.meta({ description: 'Root of retrieval and of Store.' }),
  wadoUriRoot: dicomwebRoot.optional().meta({ description: 'Not used.' }),
});

/** The `oidc: [{...}]` block of the stock viewer, as far as it is taken over. */
export const stockOidcSchema = z.looseObject(
  {
    authority: filledIn(AUTHORITY_EXPECTED).refine(isSecureOrigin, { message: AUTHORITY_EXPECTED }),
    client_id: filledIn('the client id at the OpenID provider'),
    scope: z.string('scopes, separated by blanks').optional(),
    redirect_uri: z.string('a path or an address of this site').optional(),
    post_logout_redirect_uri: z.string('a path or an address of this site').optional(),
  },
  'an object with authority and client_id'
);

export type SignInSettings = z.output<typeof signInSchema>;
export type ShareTokenSettings = z.output<typeof shareTokensSchema>;
export type ReportSettings = z.output<typeof reportSchema>;
