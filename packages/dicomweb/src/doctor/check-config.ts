import { isAzureDicomHost } from '@ohif-azure/core';
import {
  DATA_SOURCE_NAMESPACE,
  formatProblem,
  resolveViewerSettings,
} from '@ohif-azure/core/settings';
import type { Deployment } from './deployment.ts';
import type { FaultName, Finding } from './finding.ts';
import { fail, ok, warn } from './finding.ts';

/** The viewer's configuration file (`azure.js`, `app-config.js`), as it was run. */
export type EvaluatedConfig =
  | { readonly config: unknown }
  | {
      /** It does not parse, or fails when it is run. */
      readonly problem: 'syntax' | 'run' | 'no-config' | 'timeout';
      readonly message: string;
      /** Counted from 1. */
      readonly line?: number;
    };

/** What a configuration tells, and what is wrong with it. */
export interface ConfigCheck {
  readonly findings: readonly Finding[];
  /** Undefined when nothing can be told. */
  readonly deployment: Deployment | undefined;
}

type Loose = Record<string, unknown>;

const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const PATH_FAULTS: readonly (readonly [ending: string, fault: FaultName])[] = [
  ['.serviceUrl', 'service-url-path'],
  ['.tenantId', 'wrong-tenant'],
];

/**
 * Checks the viewer's configuration: that it runs, that its settings are right (all mistakes at once), and that searches will find
 * something.
 * @param name - of the file, for messages.
 * @param viewerOrigin - the viewer's address, to make relative roots absolute.
 */
export function checkConfig(
  name: string,
  evaluated: EvaluatedConfig,
  viewerOrigin = 'https://viewer.invalid'
): ConfigCheck {
  if ('problem' in evaluated) {
    return { findings: [notRun(name, evaluated)], deployment: undefined };
  }
  const { archives, problems } = resolveViewerSettings(evaluated.config, viewerOrigin);
  const findings: Finding[] = problems.map(problem =>
    fail(
      problem.path.endsWith('.serviceUrl') ? 'service-url' : 'config',
      faultOf(problem.path, problem.found),
      `${name}: ${formatProblem(problem)}.`,
      remedyOf(problem.path)
    )
  );
  if (problems.length === 0) {
    findings.push(
      ok(
        'config',
        `${name} is right: ${archives.map(({ friendlyName }) => friendlyName).join(', ')}.`
      )
    );
  }
  findings.push(...searchSettings(name, evaluated.config, viewerOrigin));
  const [archive] = archives;
  if (!archive) return { findings, deployment: undefined };
  return {
    findings,
    deployment: {
      serviceUrl: archive.dicomwebRoot,
      dialect: archive.dialect,
      authority: archive.signIn?.authority,
      clientId: archive.signIn?.clientId,
      scopes: archive.signIn?.scopes,
      redirectPath: archive.signIn?.redirectPath,
      ...(viewerOrigin === 'https://viewer.invalid' ? {} : { viewerOrigin }),
    },
  };
}

function notRun(
  name: string,
  { problem, message, line }: Exclude<EvaluatedConfig, { config: unknown }>
): Finding {
  const where = line === undefined ? name : `${name}, line ${line}`;
  switch (problem) {
    case 'syntax':
      return fail(
        'config',
        'config-syntax',
        `${where}: ${message}. The file does not parse, and the viewer stays blank.`,
        'Correct that line (a missing comma, quote or brace is often just before it), or write the file anew: ohif-azure config.'
      );
    case 'run':
    case 'timeout':
      return fail(
        'config',
        'config-fails',
        `${where}: ${message}.`,
        'Correct that line, or write the file anew: ohif-azure config.'
      );
    case 'no-config':
      return fail(
        'config',
        'config-fails',
        `${name} sets no window.config.`,
        'Use platform-config/azure.js as it is shipped, or write one: ohif-azure config.'
      );
  }
}

/** A service's address with something behind the origin is a mistake of its own name; a placeholder is not. */
function faultOf(path: string, found: string): FaultName {
  const fault = PATH_FAULTS.find(([ending]) => path.endsWith(ending))?.[1];
  if (fault === 'service-url-path' && /[<>]/.test(found)) return 'config-settings';
  if (fault === 'service-url-path' && !/^"https?:\/\/[^/"]+\//.test(found))
    return 'service-url-invalid';
  return fault ?? 'config-settings';
}

function remedyOf(path: string): string {
  if (path.endsWith('.serviceUrl')) {
    return 'serviceUrl is the origin alone, as in the Azure portal without /v1 or /v2; the version is apiVersion.';
  }
  return 'Correct the setting; docs/settings.md has every one.';
}

/** Data sources of any kind whose archive is Azure's, but which are told to search with wildcards. */
function searchSettings(name: string, config: unknown, viewerOrigin: string): Finding[] {
  const sources = isLoose(config) && Array.isArray(config.dataSources) ? config.dataSources : [];
  const findings: Finding[] = [];
  let checked = 0;
  sources.forEach((source: unknown, index) => {
    if (!isLoose(source) || !isLoose(source.configuration)) return;
    const { configuration, namespace } = source;
    if (!isAzureArchive(configuration, viewerOrigin)) return;
    checked += 1;
    const path = `dataSources[${index}].configuration.supportsWildcard`;
    if (configuration.supportsWildcard === true) {
      const isOurs = namespace === DATA_SOURCE_NAMESPACE;
      findings.push(
        (isOurs ? warn : fail)(
          'search-settings',
          'wildcard-search',
          `${name}: ${path} is true, but the Azure DICOM service takes * literally${isOurs ? '' : ', so that searches come up empty'}.`,
          isOurs
            ? 'Take the setting out: this data source searches in the service’s own terms.'
            : `Set supportsWildcard: false and supportsFuzzyMatching: true, or use the data source ${DATA_SOURCE_NAMESPACE}.`
        )
      );
    }
  });
  if (checked > 0 && findings.length === 0) {
    findings.push(ok('search-settings', 'Searches are made without wildcards.'));
  }
  return findings;
}

function isAzureArchive(configuration: Loose, viewerOrigin: string): boolean {
  if (configuration.dialect !== undefined) return configuration.dialect === 'azure';
  if ('serviceUrl' in configuration) return true;
  const root = configuration.qidoRoot;
  return (
    typeof root === 'string' &&
    URL.canParse(root, viewerOrigin) &&
    isAzureDicomHost(new URL(root, viewerOrigin).hostname)
  );
}
