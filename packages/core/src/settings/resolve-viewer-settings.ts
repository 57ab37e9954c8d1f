import type * as z from 'zod';
import { AZURE_DICOM_AUDIENCE, isAzureDicomHost } from '../azure-dicom-service.ts';
import type { ArchiveSettings, ResolvedSignIn, ViewerSettings } from './archive-settings.ts';
import { checkArchives } from './check-archives.ts';
import { partitionArchives } from './partition-archives.ts';
import { problemsOf, describeFound, formatPath, type SettingProblem } from './problem.ts';
import {
  DATA_SOURCE_NAMESPACE,
  DEFAULT_SCOPES,
  rootsForm,
  serviceUrlForm,
  type SignInSettings,
} from './viewer-settings.ts';
import { OPENID_SCOPES, signInOfStockBlock, withAzureScope } from './stock-oidc-block.ts';

type Loose = Record<string, unknown>;

/**
 * Reads `window.config` and returns the settings of every archive that uses our data source, or all
 * mistakes at once.
 *
 * Two forms are read: `serviceUrl` with `signIn` (docs/settings.md), and the documented OHIF form with
 * `qidoRoot`/`wadoRoot` and a top-level `oidc: [{...}]` block.
 *
 * @param config - `window.config` as an object
 * @param pageOrigin - the viewer's origin, to make relative roots absolute
 */
export function resolveViewerSettings(config: unknown, pageOrigin: string): ViewerSettings {
  const problems: SettingProblem[] = [];
  const notes: string[] = [];
  const archives: ArchiveSettings[] = [];
  const root = isLoose(config) ? config : {};
  const sources = Array.isArray(root.dataSources) ? root.dataSources : [];
  const takenOver = signInOfStockBlock(root.oidc, problems);

  sources.forEach((source: unknown, index) => {
    if (!isLoose(source) || source.namespace !== DATA_SOURCE_NAMESPACE) return;
    const path = ['dataSources', index];
    if (typeof source.sourceName !== 'string' || source.sourceName === '') {
      problems.push({
        path: formatPath([...path, 'sourceName']),
        found: describeFound(source.sourceName),
        expected: 'a name for this data source',
      });
    }
    archives.push(...resolveArchives(source, [...path, 'configuration'], pageOrigin, problems));
  });

  if (takenOver) useStockBlock(takenOver, archives, problems, notes);
  if (archives.length === 0 && problems.length === 0) {
    problems.push({
      path: 'dataSources',
      found: 'no data source of this extension',
      expected: `at least one with namespace '${DATA_SOURCE_NAMESPACE}'`,
    });
  }
  checkArchives(root, archives, problems);
  return { archives, notes, problems };
}

/** Gives the archives the block's sign-in; one that has its own contradicts the block. */
function useStockBlock(
  takenOver: ResolvedSignIn,
  archives: ArchiveSettings[],
  problems: SettingProblem[],
  notes: string[]
) {
  if (archives.some(({ signIn }) => signIn)) {
    problems.push({
      path: 'oidc',
      found: 'an oidc block beside signIn in a data source',
      expected: 'one of the two',
    });
    return;
  }
  const isAzure = archives.some(({ dialect }) => dialect === 'azure');
  const signIn = isAzure ? withAzureScope(takenOver) : takenOver;
  archives.forEach(archive => (archive.signIn = signIn));
  notes.push(
    'The oidc block is taken over by the Azure extension: code flow with PKCE, offline_access added, ' +
      'no userinfo and no revocation request, sign-out to a page of its own.'
  );
}

/** One archive, or one for each partition that can be chosen. */
function resolveArchives(
  source: Loose,
  path: PropertyKey[],
  pageOrigin: string,
  problems: SettingProblem[]
): ArchiveSettings[] {
  const { configuration } = source;
  if (!isLoose(configuration)) {
    problems.push({
      path: formatPath(path),
      found: describeFound(configuration),
      expected: 'an object with serviceUrl, or with qidoRoot and wadoRoot',
    });
    return [];
  }
  if (isLoose(configuration.signIn)) checkProvider(configuration.signIn, path, problems);
  const hasService = 'serviceUrl' in configuration;
  const hasRoots = 'qidoRoot' in configuration || 'wadoRoot' in configuration;
  if (hasService && hasRoots) {
    problems.push({
      path: formatPath([...path, 'serviceUrl']),
      found: 'both serviceUrl and qidoRoot or wadoRoot',
      expected: 'one of the two: serviceUrl alone, or qidoRoot and wadoRoot',
    });
    return [];
  }
  const parsed = hasRoots
    ? parse(rootsForm, configuration, path, problems)
    : parse(serviceUrlForm, configuration, path, problems);
  if (!parsed) return [];
  const sourceName = String(source.sourceName ?? '');
  return 'serviceUrl' in parsed
    ? azureService(parsed as ServiceUrlSettings, sourceName, path, problems)
    : [anyArchive(parsed as RootsSettings, sourceName, pageOrigin)];
}

type ServiceUrlSettings = z.output<typeof serviceUrlForm>;
type RootsSettings = z.output<typeof rootsForm>;

function parse<Form extends z.ZodType>(
  form: Form,
  configuration: Loose,
  path: PropertyKey[],
  problems: SettingProblem[]
): z.output<Form> | undefined {
  const parsed = form.safeParse(configuration);
  if (parsed.success) return parsed.data;
  problems.push(...problemsOf(parsed.error, configuration, path));
  return undefined;
}

function azureService(
  settings: ServiceUrlSettings,
  sourceName: string,
  path: PropertyKey[],
  problems: SettingProblem[]
): ArchiveSettings[] {
  const { serviceUrl, apiVersion, partition, partitions, signIn, queryLimit } = settings;
  const { shareTokens, report, friendlyName } = settings;
  if (!signIn) {
    problems.push({
      path: formatPath([...path, 'signIn']),
      found: 'nothing',
      expected: 'how to sign in: { tenantId, clientId }, as the Azure DICOM service requires it',
    });
    return [];
  }
  const version = `${new URL(serviceUrl).origin}/${apiVersion}`;
  const dicomwebRoot = partition && !partitions ? `${version}/partitions/${partition}` : version;
  const archive: ArchiveSettings = {
    sourceName,
    friendlyName,
    dicomwebRoot,
    searchRoot: dicomwebRoot,
    dialect: settings.dialect ?? 'azure',
    queryLimit,
    audience: AZURE_DICOM_AUDIENCE,
    signIn: resolveSignIn(signIn, DEFAULT_SCOPES),
    shareTokens,
    report,
    stock: {},
  };
  return partitions ? partitionArchives(archive, partition, partitions) : [archive];
}

function anyArchive(
  settings: RootsSettings,
  sourceName: string,
  pageOrigin: string
): ArchiveSettings {
  const { qidoRoot, wadoRoot, friendlyName, dialect, signIn, shareTokens, report, ...others } =
    settings;
  const { queryLimit, ...rest } = others;
  // WADO-URI is not used: everything goes through WADO-RS.
  const { wadoUriRoot: _, ...stock } = rest;
  const dicomwebRoot = absolute(wadoRoot, pageOrigin);
  const isAzure = dialect ? dialect === 'azure' : isAzureDicomHost(new URL(dicomwebRoot).hostname);
  return {
    sourceName,
    // "Azure DICOM service" is the default of the other form; of an unnamed archive only its source is known.
    friendlyName: friendlyName ?? sourceName,
    dicomwebRoot,
    searchRoot: absolute(qidoRoot, pageOrigin),
    dialect: isAzure ? 'azure' : 'standard',
    queryLimit,
    audience: isAzure ? AZURE_DICOM_AUDIENCE : undefined,
    signIn: signIn && resolveSignIn(signIn, isAzure ? DEFAULT_SCOPES : OPENID_SCOPES),
    shareTokens,
    report,
    stock,
  };
}

function resolveSignIn(signIn: SignInSettings, scopes: readonly string[]): ResolvedSignIn {
  const { authority, tenantId, scopes: asked, ...rest } = signIn;
  return {
    ...rest,
    authority: authority ?? `https://login.microsoftonline.com/${tenantId}/v2.0`,
    scopes: [...(asked ?? scopes)],
  };
}

function checkProvider(
  signIn: { tenantId?: unknown; authority?: unknown },
  path: PropertyKey[],
  problems: SettingProblem[]
) {
  if (signIn.tenantId === undefined && signIn.authority === undefined) {
    problems.push({
      path: formatPath([...path, 'signIn', 'tenantId']),
      found: 'nothing',
      expected: 'the directory (tenant) id, or `authority` for another OpenID provider',
    });
  }
  if (signIn.tenantId !== undefined && signIn.authority !== undefined) {
    problems.push({
      path: formatPath([...path, 'signIn', 'authority']),
      found: 'both tenantId and authority',
      expected: 'one of the two',
    });
  }
}

function absolute(root: string, pageOrigin: string): string {
  return new URL(root, pageOrigin).href.replace(/\/+$/, '');
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
