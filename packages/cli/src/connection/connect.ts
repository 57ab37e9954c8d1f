import type { DeviceCodePrompt } from '@ohif-azure/auth/node';
import type { AuthorizationSource, DicomwebClient } from '@ohif-azure/dicomweb';
import { createNodeClient } from '@ohif-azure/dicomweb/node';
import { Option, type Command } from 'commander';
import { count } from '../terminal/plural.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { AUTH_KINDS, readCredentials, type AuthKind, type Credentials } from './credentials.ts';
import { readService, type Service } from './service-url.ts';

/** The options of every command that talks to a service. */
export interface ConnectionOptions {
  service?: string;
  auth?: AuthKind;
}

/** A service and what to ask it with. */
export interface Connection {
  readonly service: Service;
  readonly credentials: Credentials;
  readonly client: DicomwebClient;
  close(): void;
}

/** Text below the options of such a command. */
export const CONNECTION_HELP = `
Credentials: what the environment has, in this order:
  OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OAUTH_TOKEN_ENDPOINT (and DICOM_SCOPE)
  AUTH_CONNECTION_INFO (as of the Python client)
  DICOM_ACCESS_TOKEN
Without any: none on this machine, an error elsewhere.`;

/** Adds `--service` and `--auth`. */
export function withConnection(command: Command): Command {
  return command
    .option(
      '--service <url>',
      'DICOM service with its version, such as https://.../v2 (default: DICOM_SERVICE_URL)'
    )
    .addOption(
      new Option(
        '--auth <kind>',
        'where the access token comes from (default: what the environment has)'
      ).choices(AUTH_KINDS)
    );
}

/** Finds service and credentials. @throws {UsageError} naming what is missing or wrong. */
export function readConnection(
  options: ConnectionOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv = process.env
): { service: Service; credentials: Credentials } {
  const service = readService(options.service, env);
  const credentials = readCredentials({
    auth: options.auth,
    env,
    isLoopback: service.isLoopback,
    prompt: connectionPrompt(terminal),
  });
  if (credentials.source && service.url.startsWith('http:') && !service.isLoopback) {
    throw new UsageError(
      `${new URL(service.url).origin} is not https, and the access token could be read on the way. Use https, or --auth none.`
    );
  }
  return { service, credentials };
}

/** Shows the code of a sign-in with a device code. */
export function connectionPrompt(terminal: Terminal): (prompt: DeviceCodePrompt) => void {
  return ({ userCode, verificationURI, endsAt }) => {
    const minutes = Math.max(1, Math.round((endsAt - Date.now()) / 60_000));
    terminal.note(
      `To sign in, open ${verificationURI} and enter the code ${userCode} (within ${count(minutes, 'minute')}).`
    );
  };
}

/** The value of the Authorization header for each request. */
export function authorizationOf({ source }: Credentials): AuthorizationSource | undefined {
  return (
    source && (async ({ renew, signal }) => `Bearer ${await source.accessToken({ renew, signal })}`)
  );
}

/** Makes the client. No request is made. @throws {UsageError} as {@link readConnection}. */
export function connect(options: ConnectionOptions, terminal: Terminal): Connection {
  const { service, credentials } = readConnection(options, terminal);
  const client = createNodeClient({
    serviceUrl: service.url,
    dialect: service.dialect,
    authorization: authorizationOf(credentials),
  });
  return { service, credentials, client, close: () => client.close() };
}
