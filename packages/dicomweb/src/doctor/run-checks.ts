import { isAzureDicomHost } from '@ohif-azure/core';
import { checkAccessToken } from './check-access-token.ts';
import { checkArchive } from './check-archive.ts';
import { checkClock, type ClockSample } from './check-clock.ts';
import { checkDiscovery, checkTenantOfService } from './check-discovery.ts';
import { checkRedirectUri } from './check-redirect-uri.ts';
import { checkServiceUrl } from './check-service-url.ts';
import { checkWrite } from './check-write.ts';
import { checkCorsByEffect } from './cors-effect.ts';
import { checkCorsByPreflight } from './cors-preflight.ts';
import { ask, entraNumberIn, type Deployment, type DoctorTools } from './deployment.ts';
import { entraFinding, faultOfEntra } from './entra-fault.ts';
import { fail, warn, type Finding } from './finding.ts';

/** What {@link runChecks} is asked to do. */
export interface ChecksOptions {
  /**
   * Gives an access token for the service, or undefined where there is none to get. Its error becomes a finding: the number of Entra ID in
   * its message names the fault.
   */
  readonly accessToken?: () => Promise<string | undefined>;
  /** Store a harmless instance, and delete it. Default: false. */
  readonly write?: boolean;
  /** `page`: in a browser, at the viewer's origin. `process`: in Node, where header fields can be set and read. */
  readonly place: 'page' | 'process';
  /** Clocks that were read elsewhere. */
  readonly clocks?: readonly ClockSample[];
}

/**
 * Checks a deployment, and tells each finding as soon as it is there: the service's address, the identity provider, the redirect URI, CORS,
 * clocks, the access token, search, retrieve, and Store when it is asked for. It never rejects for what it finds.
 */
export async function* runChecks(
  deployment: Deployment,
  tools: DoctorTools,
  options: ChecksOptions
): AsyncGenerator<Finding, void> {
  const { serviceUrl, dialect, authority, viewerOrigin } = deployment;
  const isPage = options.place === 'page';
  const clocks: ClockSample[] = [...(options.clocks ?? [])];

  const address = serviceUrl === undefined ? undefined : checkServiceUrl(serviceUrl, dialect);
  if (address) yield address;

  if (authority !== undefined) {
    const { finding, provider, date } = await checkDiscovery(authority, tools);
    clocks.push({ who: 'the identity provider', date, at: tools.now() });
    yield finding;
    if (provider)
      yield await checkRedirectUri(deployment, provider, tools, { readsPages: !isPage });
  }

  let isReachable = address?.status === 'ok';
  if (serviceUrl !== undefined && isReachable && viewerOrigin !== undefined) {
    const isSameSite = new URL(serviceUrl).origin === viewerOrigin;
    if (!isSameSite) {
      const cors = await (isPage ? checkCorsByEffect : checkCorsByPreflight)(
        serviceUrl,
        viewerOrigin,
        tools
      );
      clocks.push({ who: 'the DICOM service', date: cors.date, at: tools.now() });
      yield* cors.findings;
      isReachable = !cors.findings.some(({ fault }) => fault === 'service-unreachable');
    }
  } else if (isReachable && dialect === 'azure' && !isPage) {
    yield warn(
      'cors',
      'not-checked',
      'CORS was not checked: the viewer’s address is not known.',
      'Name it: --viewer https://<your viewer>.'
    );
  }
  if (serviceUrl === undefined || !isReachable) {
    yield* clockFinding(clocks);
    return;
  }

  const accessToken = yield* obtainAccessToken(options, tools);
  if (accessToken !== undefined) yield* checkAccessToken(accessToken, deployment, tools);
  const archive = await checkArchive(deployment, accessToken, tools);
  clocks.push({ who: 'the DICOM service', date: archive.date, at: tools.now() });
  const challenge =
    accessToken === undefined ? archive.challenge : await challengeOf(serviceUrl, tools);
  const tenant =
    authority === undefined ? undefined : checkTenantOfService(challenge ?? null, authority);
  if (tenant) yield tenant;
  yield* archive.findings;
  yield* clockFinding(clocks);
  const isRefused = archive.findings.some(({ status }) => status === 'fail');
  if (options.write && !isRefused) yield* await checkWrite(deployment, accessToken, tools);
}

function* clockFinding(clocks: readonly ClockSample[]): Generator<Finding, void> {
  const finding = checkClock(clocks);
  if (finding) yield finding;
}

async function* obtainAccessToken(
  { accessToken }: ChecksOptions,
  tools: DoctorTools
): AsyncGenerator<Finding, string | undefined> {
  try {
    return await accessToken?.();
  } catch (error) {
    yield signInFinding(error, tools);
    return undefined;
  }
}

/** The finding that a failed sign-in stands for; its message is one of `AuthError`, which holds no secret. */
export function signInFinding(error: unknown, tools: Pick<DoctorTools, 'explainEntra'>): Finding {
  const message = error instanceof Error ? error.message : 'the sign-in failed';
  const number = entraNumberIn(message);
  if (number !== undefined && faultOfEntra(number) !== undefined) {
    return entraFinding('sign-in', number, tools, 'No access token');
  }
  const { code } = error as { code?: unknown };
  if (code === 'ERR_AUTH_SIGNIN_REQUIRED') {
    return fail(
      'access-token',
      'token-expired',
      message,
      'Sign in again, or get a new access token.'
    );
  }
  const isUnreachable = code === 'ERR_AUTH_PROVIDER_UNREACHABLE';
  return fail(
    'sign-in',
    isUnreachable ? 'discovery-unreachable' : 'sign-in-refused',
    `No access token: ${message}`,
    isUnreachable
      ? 'Check the address of the token endpoint and the network.'
      : 'Correct what the message names.'
  );
}

/** What the service says to a request without access token. */
async function challengeOf(serviceUrl: string, tools: DoctorTools): Promise<string | null> {
  if (!isAzureDicomHost(new URL(serviceUrl).hostname) && !/\/v[12](\/|$)/.test(serviceUrl))
    return null;
  const asked = await ask(tools, `${serviceUrl}/studies?limit=1`, {
    headers: { Accept: 'application/dicom+json' },
  });
  return asked.response?.headers.get('www-authenticate') ?? null;
}
