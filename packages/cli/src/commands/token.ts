import { fstatSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describeToken, OPERATIONS, type TokenDescription } from '@ohif-azure/auth';
import { ACCESS_TOKEN_VARIABLE } from '@ohif-azure/auth/node';
import { Command } from 'commander';
import { connectionPrompt, withConnection, type ConnectionOptions } from '../connection/connect.ts';
import { readCredentials } from '../connection/credentials.ts';
import { readService } from '../connection/service-url.ts';
import { duration } from '../terminal/plural.ts';
import { jsonLine, safeText } from '../terminal/safe-text.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';

/** `ohif-azure token`: what kind an access token is and what it permits. The access token itself is never printed. */
export function tokenCommand(): Command {
  return withConnection(new Command('token'))
    .description('Tell what kind an access token is and what it permits. It is never printed.')
    .argument(
      '[access-token]',
      '"-" reads it from standard input; anything else stays in the shell’s history'
    )
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Where it comes from: "-" for standard input; --auth; DICOM_ACCESS_TOKEN; the credentials of the environment; standard input.
Nothing is verified, and the service is not asked: roles that Azure assigns at the service are not in the access token.

Example:
  $ az account get-access-token --resource=https://dicom.healthcareapis.azure.com \\
      --query accessToken --output tsv | ohif-azure token -`
    )
    .action(
      async (argument: string | undefined, options: ConnectionOptions & { json: boolean }) => {
        const terminal = processTerminal();
        const { value, origin } = await readAccessToken(argument, options, terminal);
        const dialect = options.service
          ? readService(options.service, process.env).dialect
          : 'azure';
        const now = Date.now();
        const description = describeToken(value, { service: { dialect }, now });
        if (options.json) terminal.print(jsonLine({ from: origin, ...description }));
        else print(description, { origin, now, terminal });
      }
    );
}

async function readAccessToken(
  argument: string | undefined,
  options: ConnectionOptions,
  terminal: Terminal
): Promise<{ value: string; origin: string }> {
  const { env } = process;
  if (argument !== undefined && argument !== '-') {
    terminal.note(
      'warning: an access token on the command line can be read in the shell’s history and in the list of processes. Use standard input ("-") or DICOM_ACCESS_TOKEN.'
    );
    return { value: bare(argument), origin: 'the command line' };
  }
  if (argument === '-') return fromStandardInput();
  if (!options.auth && env[ACCESS_TOKEN_VARIABLE]?.trim()) {
    return { value: bare(env[ACCESS_TOKEN_VARIABLE]), origin: ACCESS_TOKEN_VARIABLE };
  }
  const hasCredentials = env['OAUTH_CLIENT_SECRET'] || env['AUTH_CONNECTION_INFO'];
  if (!options.auth && !hasCredentials && isPiped()) return fromStandardInput();
  const { source, origin } = readCredentials({
    auth: options.auth,
    env,
    isLoopback: false,
    prompt: connectionPrompt(terminal),
  });
  if (!source) throw new UsageError('--auth none gives no access token.');
  return { value: await source.accessToken(), origin };
}

async function fromStandardInput(): Promise<{ value: string; origin: string }> {
  if (process.stdin.isTTY) {
    throw new UsageError(
      'Standard input is the terminal: pipe the access token in, or set DICOM_ACCESS_TOKEN.'
    );
  }
  const value = bare(await text(process.stdin));
  if (value === '') throw new UsageError('Standard input holds no access token.');
  return { value, origin: 'standard input' };
}

/** Without what people copy along: line breaks, and the header's name and scheme. */
function bare(value: string): string {
  return value.trim().replace(/^(Authorization:\s*)?Bearer\s+/i, '');
}

function isPiped(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isFile() || stat.isSocket();
  } catch {
    return false;
  }
}

function print(
  token: TokenDescription,
  { origin, now, terminal }: { origin: string; now: number; terminal: Terminal }
): void {
  const { colors } = terminal;
  const line = (name: string, value: string | undefined) => {
    if (value) terminal.print(`  ${colors.dim(name.padEnd(10))}${value}`);
  };
  const list = (values: readonly string[]) => safeText(values.join(', ')) || 'none';
  terminal.print(`Access token from ${origin}; nothing of it is verified`);
  line('kind', token.kind);
  line('audience', list(token.audience));
  line('issuer', token.issuer);
  line('scopes', list(token.scopes));
  line('roles', list(token.roles));
  line('account', token.name ?? token.username);
  line('valid', validity(token, now));
  if (token.shareType) line('link type', safeText(token.shareType));
  if (token.resources.length > 0) line('studies', list(token.resources));
  terminal.print();
  const color = { yes: colors.green, no: colors.red, unknown: colors.yellow };
  for (const operation of OPERATIONS) {
    const { answer, reason } = token.permits[operation];
    line(operation, `${color[answer](answer.padEnd(8))} ${reason}`);
  }
}

function validity({ notBefore, expiresAt }: TokenDescription, now: number): string {
  if (notBefore !== undefined && now < notBefore) {
    return `from ${new Date(notBefore).toISOString()}, in ${duration(notBefore - now)}`;
  }
  if (expiresAt === undefined) return 'it does not say until when';
  const when = new Date(expiresAt).toISOString();
  return expiresAt > now
    ? `until ${when}, for ${duration(expiresAt - now)}`
    : `ended ${when}, ${duration(now - expiresAt)} ago`;
}
