import type { DoctorTools } from './deployment.ts';
import { ask, entraNumberIn, jsonObject } from './deployment.ts';
import { entraFinding } from './entra-fault.ts';
import type { Finding } from './finding.ts';
import { fail, ok } from './finding.ts';

/** What the other checks need of the provider. */
export interface Provider {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
}

/** The outcome, and what was read. */
export interface DiscoveryCheck {
  readonly finding: Finding;
  readonly provider?: Provider;
  /** `Date` of the answer, where the page may read it. */
  readonly date?: string | null;
}

const TENANT = /^\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/i;
const IS_ENTRA = /^(login\.microsoftonline\.(com|us)|login\.partner\.microsoftonline\.cn)$/;

/** The tenant in an address of Entra ID, or of a provider with the same paths; undefined: none, or a name. */
export function tenantOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  return TENANT.exec(new URL(address).pathname)?.[1]?.toLowerCase();
}

/**
 * Asks the OpenID provider for its metadata.
 * @param authority - as in the settings, without `/.well-known/...`.
 * @see OpenID Connect Discovery 1.0, 4
 */
export async function checkDiscovery(
  authority: string,
  tools: DoctorTools
): Promise<DiscoveryCheck> {
  const check = 'discovery';
  const address = `${authority.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const asked = await ask(tools, address, { headers: { Accept: 'application/json' } });
  if (!asked.response) {
    return {
      finding: fail(
        check,
        'discovery-unreachable',
        `${address} does not answer: ${asked.why}.`,
        'Check the authority (or tenantId), the network and the proxy; pages must be allowed to read it (CORS).'
      ),
    };
  }
  const { response, text } = asked;
  const date = response.headers.get('date');
  const number = entraNumberIn(text);
  if (number !== undefined && response.status !== 200) {
    return { date, finding: entraFinding(check, number, tools, authority) };
  }
  if (response.status === 404 || response.status === 400) {
    return {
      date,
      finding: fail(
        check,
        'wrong-tenant',
        `${address} answers ${response.status}: there is no such tenant.`,
        'Set signIn.tenantId to the directory (tenant) id: Azure portal > Microsoft Entra ID > Overview.'
      ),
    };
  }
  const metadata = jsonObject(text);
  const issuer = metadata?.issuer;
  const authorizationEndpoint = metadata?.authorization_endpoint;
  const tokenEndpoint = metadata?.token_endpoint;
  if (
    response.status !== 200 ||
    typeof issuer !== 'string' ||
    typeof authorizationEndpoint !== 'string' ||
    typeof tokenEndpoint !== 'string'
  ) {
    return {
      date,
      finding: fail(
        check,
        response.status >= 500 ? 'discovery-unreachable' : 'discovery-answer',
        `${address} answers ${response.status}, which is no metadata of an OpenID provider.`,
        'Check the authority: it is the address before /.well-known/openid-configuration.'
      ),
    };
  }
  const provider = { authorizationEndpoint, tokenEndpoint };
  const [wanted, found] = [tenantOf(authority), tenantOf(issuer)];
  if (wanted !== undefined && found !== undefined && wanted !== found) {
    return {
      date,
      provider,
      finding: fail(
        check,
        'wrong-tenant',
        `${authority} answers for another tenant: ${issuer}.`,
        'Set signIn.tenantId to the tenant in which the viewer’s app is registered.'
      ),
    };
  }
  const isSame = issuer.replace(/\/$/, '') === authority.replace(/\/$/, '');
  if (!isSame && !IS_ENTRA.test(new URL(authority).hostname)) {
    return {
      date,
      provider,
      finding: fail(
        check,
        'discovery-answer',
        `${authority} answers for another issuer: ${issuer}.`,
        `Set signIn.authority to ${issuer}.`
      ),
    };
  }
  return { date, provider, finding: ok(check, `${issuer} answers.`) };
}

/**
 * Holds the tenant that the service trusts, as its 401 names it, against the one at which users sign in.
 * @param challenge - `WWW-Authenticate` of the service's 401; null where the page may not read it.
 * @see azure service documentation, JwtBearer `authorization_uri`
 */
export function checkTenantOfService(
  challenge: string | null,
  authority: string
): Finding | undefined {
  const trusted = /authorization_uri="([^"]+)"/.exec(challenge ?? '')?.[1];
  if (trusted === undefined) return undefined;
  const [wanted, found] = [tenantOf(trusted), tenantOf(authority)];
  if (wanted === undefined || found === undefined || wanted === found) return undefined;
  return fail(
    'sign-in',
    'wrong-tenant',
    `Users sign in at the tenant ${found}, but the service trusts ${wanted}.`,
    `Set signIn.tenantId to ${wanted}, and register the viewer’s app there.`
  );
}
