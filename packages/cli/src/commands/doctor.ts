import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describeToken, entraErrorAdvice } from '@ohif-azure/auth';
import { isAzureDicomHost } from '@ohif-azure/core';
import { isLoopback } from '@ohif-azure/core/settings';
import {
  checkConfig,
  fail,
  runChecks,
  warn,
  type ClockSample,
  type ConfigCheck,
  type Deployment,
  type DoctorTools,
  type Finding,
} from '@ohif-azure/dicomweb/doctor';
import { Command } from 'commander';
import {
  connectionPrompt,
  CONNECTION_HELP,
  withConnection,
  type ConnectionOptions,
} from '../connection/connect.ts';
import { readCredentials } from '../connection/credentials.ts';
import { SERVICE_VARIABLE } from '../connection/service-url.ts';
import { checkViewerSite } from '../doctor/viewer-site.ts';
import { EXIT } from '../exit-status.ts';
import { origin } from '../options.ts';
import { jsonLine, safeText } from '../terminal/safe-text.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { evaluateConfig } from '../viewer-config/evaluate-config.ts';

interface DoctorOptions extends ConnectionOptions {
  config?: string;
  viewer?: string;
  authority?: string;
  tenantId?: string;
  clientId?: string;
  write: boolean;
  json: boolean;
}

/** `ohif-azure doctor`: checks a deployment, and says for each fault the remedy. */
export function doctorCommand(): Command {
  return withConnection(new Command('doctor'))
    .description('Check a deployment. Each line is ok, warn or fail, with the remedy.')
    .option('--config <file>', 'the viewer’s azure.js or app-config.js')
    .option(
      '--viewer <url>',
      'address of the viewer; its app-config.js is read, unless --config names one',
      origin
    )
    .option(
      '--tenant-id <id>',
      'Entra ID tenant at which users sign in (default: as in the configuration)'
    )
    .option(
      '--authority <url>',
      'OpenID provider at which users sign in (default: as in the configuration)'
    )
    .option('--client-id <id>', 'client id of the viewer (default: as in the configuration)')
    .option('--write', 'also store one harmless instance, and delete it')
    .option('--json', 'one object a line, and last the summary')
    .addHelpText(
      'after',
      `${CONNECTION_HELP}

What is not named is not checked. Exit status 1: a line says fail. The faults and their remedies: docs/doctor.md.
The page doctor.html of an installed viewer checks the same from a browser, with a real sign-in.

Examples:
  $ ohif-azure doctor --viewer https://viewer.example
  $ ohif-azure doctor --config azure.js --viewer https://viewer.example --write
  $ ohif-azure doctor --service https://ws-svc.dicom.azurehealthcareapis.com/v2 --auth managed-identity`
    )
    .action(doctor);
}

async function doctor(options: DoctorOptions): Promise<void> {
  const terminal = processTerminal();
  const tools = doctorTools();
  const counts = { ok: 0, warn: 0, fail: 0 };
  const tell = (finding: Finding) => {
    counts[finding.status] += 1;
    if (options.json) terminal.print(jsonLine(finding));
    else printFinding(finding, terminal);
  };
  const { deployment, clocks, isFromSite } = await gather(options, tools, tell);
  if (deployment) {
    const place = 'process';
    const accessToken = accessTokenOf(deployment, options, { terminal, isFromSite, tell });
    for await (const finding of runChecks(deployment, tools, {
      place,
      write: options.write,
      clocks,
      accessToken,
    })) {
      tell(finding);
    }
  }
  if (options.json) terminal.print(jsonLine({ summary: counts }));
  else terminal.print(`\n${counts.ok} ok, ${counts.warn} warn, ${counts.fail} fail`);
  if (counts.fail > 0) process.exitCode = EXIT.failed;
}

/** What the checks work with in this process. */
export function doctorTools(): DoctorTools {
  return {
    fetch: (input, init) => fetch(input, init),
    now: Date.now,
    explainEntra: entraErrorAdvice,
    describeToken: accessToken =>
      describeToken(accessToken, { service: { dialect: 'azure' }, now: Date.now() }),
  };
}

function printFinding(
  { status, check, message, remedy }: Finding,
  { print, colors }: Terminal
): void {
  const color = { ok: colors.green, warn: colors.yellow, fail: colors.red }[status];
  print(`${color(status.padEnd(5))}${check.padEnd(16)}${safeText(message)}`);
  if (remedy) print(`${' '.repeat(21)}${colors.dim('→')} ${safeText(remedy)}`);
}

interface Gathered {
  readonly deployment: Deployment | undefined;
  readonly clocks: readonly ClockSample[];
  /** The service's address was read from the site, and nobody here has confirmed it. */
  readonly isFromSite: boolean;
}

/** Puts together what is to be checked, and checks what it is read from. */
async function gather(
  options: DoctorOptions,
  tools: DoctorTools,
  tell: (finding: Finding) => void
): Promise<Gathered> {
  const { config: file, viewer, clientId } = options;
  const service = options.service ?? (process.env[SERVICE_VARIABLE]?.trim() || undefined);
  if (file === undefined && viewer === undefined && service === undefined) {
    throw new UsageError(
      `There is nothing to check: name --config <file>, --viewer <url> or --service <url> (or set ${SERVICE_VARIABLE}).`
    );
  }
  if (options.tenantId !== undefined && options.authority !== undefined) {
    throw new UsageError('--tenant-id and --authority: expected one of the two.');
  }
  const authority =
    options.authority ??
    (options.tenantId &&
      `https://login.microsoftonline.com/${encodeURIComponent(options.tenantId)}/v2.0`);

  const read = file === undefined ? undefined : await readConfigFile(file, viewer, tell);
  const clocks: ClockSample[] = [];
  let fromSite: ConfigCheck | undefined;
  if (viewer !== undefined) {
    const redirectPath = read?.deployment?.redirectPath ?? '/callback';
    const site = await checkViewerSite(viewer, redirectPath, tools);
    clocks.push({ who: 'the viewer’s site', date: site.date, at: tools.now() });
    site.findings.forEach(tell);
    if (file === undefined && site.config !== undefined) {
      fromSite = checkConfig('app-config.js', await evaluateConfig(site.config), viewer);
      fromSite.findings.forEach(tell);
    }
  }
  const configured = read?.deployment ?? fromSite?.deployment;
  const serviceUrl = service ?? configured?.serviceUrl;
  const isReadable = configured !== undefined || service !== undefined || authority !== undefined;
  if (!isReadable) return { deployment: undefined, clocks, isFromSite: false };
  return {
    clocks,
    isFromSite: service === undefined && read === undefined,
    deployment: {
      dialect: 'azure',
      ...configured,
      ...(service === undefined ? {} : { dialect: dialectOf(service) }),
      serviceUrl: serviceUrl?.replace(/\/+$/, ''),
      authority: authority ?? configured?.authority,
      clientId: clientId ?? configured?.clientId,
      viewerOrigin: viewer,
    },
  };
}

/** A root without any path may be Azure's without its version: that is a fault to find. Others have a path of their own (`/dicom-web`). */
function dialectOf(service: string): 'azure' | 'standard' {
  if (!URL.canParse(service)) return 'azure';
  const { hostname, pathname } = new URL(service);
  if (isAzureDicomHost(hostname)) return 'azure';
  return /^\/?$|^\/v\d/.test(pathname) ? 'azure' : 'standard';
}

async function readConfigFile(
  file: string,
  viewer: string | undefined,
  tell: (finding: Finding) => void
): Promise<ConfigCheck | undefined> {
  const name = path.basename(file);
  let source;
  try {
    source = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    tell(
      fail(
        'config',
        'config-missing',
        `${file} cannot be read (${code}).`,
        'Name the file, or write one: ohif-azure config.'
      )
    );
    return undefined;
  }
  const checked = checkConfig(name, await evaluateConfig(source), viewer);
  checked.findings.forEach(tell);
  return checked;
}

function accessTokenOf(
  { serviceUrl }: Deployment,
  { auth, service }: DoctorOptions,
  context: { terminal: Terminal; isFromSite: boolean; tell: (finding: Finding) => void }
): (() => Promise<string | undefined>) | undefined {
  if (serviceUrl === undefined || !URL.canParse(serviceUrl)) return undefined;
  const { hostname, protocol } = new URL(serviceUrl);
  const isLocal = isLoopback(hostname);
  const { source } = readCredentials({
    auth: auth ?? (hasCredentials() ? undefined : 'none'),
    env: process.env,
    isLoopback: isLocal,
    prompt: connectionPrompt(context.terminal),
  });
  if (!source) return undefined;
  const notSent = (why: string, remedy: string) => {
    context.tell(warn('access-token', 'not-checked', why, remedy));
    return undefined;
  };
  // A site may name any host; an access token goes only where its owner said, or where it is for.
  if (context.isFromSite && service === undefined && !isLocal && !isAzureDicomHost(hostname)) {
    return notSent(
      `The access token was not sent to ${hostname}: only the viewer’s site names it.`,
      `If that is your service, name it: --service ${serviceUrl}`
    );
  }
  if (protocol === 'http:' && !isLocal) {
    return notSent(`The access token was not sent: ${hostname} is not https.`, 'Use https.');
  }
  return () => source.accessToken();
}

function hasCredentials(): boolean {
  const { env } = process;
  return ['OAUTH_CLIENT_SECRET', 'AUTH_CONNECTION_INFO', 'DICOM_ACCESS_TOKEN'].some(name =>
    env[name]?.trim()
  );
}
