import type { Provider } from './check-discovery.ts';
import type { Deployment, DoctorTools } from './deployment.ts';
import { ask, entraNumberIn, jsonObject } from './deployment.ts';
import { entraFinding, faultOfEntra } from './entra-fault.ts';
import type { Finding } from './finding.ts';
import { fail, ok, warn } from './finding.ts';

/** Nobody is signed in: what `prompt=none` is to be answered, when everything else is right. */
const NOBODY_SIGNED_IN = new Set([50058, 50059, 16000, 16001]);

/** A PKCE verifier and its S256 challenge: the example of RFC 7636, appendix B. They protect nothing here: no code is issued. */
const CODE_VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CODE_CHALLENGE = 'E9Melhoa2OwvFrEMTJeCHT_jS9CpZ-F9j2QtRS0Psl4';

/** What is registered. */
interface Registration {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/**
 * Checks that the viewer's redirect URI is registered, and as one of a single-page application. Nobody signs in: the provider is asked
 * for a sign-in without any interaction, and is given a code that it never issued.
 * @param readsPages - pages of the provider can be read (Node; a page in a browser cannot): else only the second question is asked.
 * @see OpenID Connect Core 1.0, 3.1.2.1 `prompt=none`; RFC 6749 4.1.3. How Entra ID answers the second question for a redirect URI of
 *   the platform "Web" is taken from reports of users (AADSTS9002326) [not verified against a live tenant]
 */
export async function checkRedirectUri(
  deployment: Deployment,
  provider: Provider,
  tools: DoctorTools,
  { readsPages }: { readsPages: boolean }
): Promise<Finding> {
  const { clientId, viewerOrigin, redirectPath = '/callback', scopes = ['openid'] } = deployment;
  if (!clientId || !viewerOrigin) {
    return warn(
      'redirect-uri',
      'not-checked',
      'The redirect URI was not checked: the viewer’s address or client id is not known.',
      'Name them: --viewer <url>, and --client-id <id> or --config <azure.js>.'
    );
  }
  const registration = { clientId, redirectUri: `${viewerOrigin}${redirectPath}`, scopes };
  const refused = readsPages ? await askToSignIn(registration, provider, tools) : undefined;
  return refused ?? redeemMadeUpCode(registration, provider, tools, { viewerOrigin, readsPages });
}

/** @returns what is wrong, or undefined. */
async function askToSignIn(
  { clientId, redirectUri, scopes }: Registration,
  { authorizationEndpoint }: Provider,
  tools: DoctorTools
): Promise<Finding | undefined> {
  const check = 'redirect-uri';
  const url = new URL(authorizationEndpoint);
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state: 'doctor',
    nonce: 'doctor',
    code_challenge: CODE_CHALLENGE,
    code_challenge_method: 'S256',
    prompt: 'none',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const asked = await ask(tools, url.href, { redirect: 'manual' });
  if (!asked.response) {
    return fail(
      check,
      'discovery-unreachable',
      `${url.origin}${url.pathname} does not answer: ${asked.why}.`,
      'Check the network and the proxy.'
    );
  }
  const { response, text } = asked;
  const location = response.headers.get('location') ?? '';
  if (location.startsWith(redirectUri)) return refusalIn(new URL(location), redirectUri, tools);
  const number = entraNumberIn(text) ?? entraNumberIn(decodeURIComponentSafely(location));
  if (number !== undefined) return entraFinding(check, number, tools, redirectUri);
  if (response.status >= 400 && /redirect_uri/.test(text)) {
    return fail(
      check,
      'redirect-uri-unknown',
      `${redirectUri} is not registered for the client id ${clientId}.`,
      'Add it to the app registration: Authentication > Single-page application > Redirect URIs.'
    );
  }
  if (response.status >= 400 && /invalid_client|unauthorized_client/.test(text)) {
    return fail(
      check,
      'client-unknown',
      `The provider does not know the client id ${clientId}.`,
      'Set signIn.clientId to the application (client) id of the viewer’s app registration.'
    );
  }
  return warn(
    check,
    'not-checked',
    `It cannot be told whether ${redirectUri} is registered: the provider answers ${response.status}.`,
    'Sign in on the page doctor.html of the viewer: it shows what the provider says.'
  );
}

/** The provider came back to the redirect URI, so that is registered; what it says may still be a refusal. */
function refusalIn(location: URL, redirectUri: string, tools: DoctorTools): Finding | undefined {
  const answers = new URLSearchParams(location.search || location.hash.slice(1));
  const error = answers.get('error') ?? '';
  const number = entraNumberIn(answers.get('error_description') ?? '');
  if (number !== undefined && !NOBODY_SIGNED_IN.has(number)) {
    return entraFinding(
      faultOfEntra(number) === 'consent-missing' ? 'sign-in' : 'redirect-uri',
      number,
      tools,
      redirectUri
    );
  }
  if (error === 'consent_required') {
    return fail(
      'sign-in',
      'consent-missing',
      'Nobody has agreed to the viewer’s permissions (consent_required).',
      'Grant admin consent: App registrations > the viewer’s app > API permissions > Grant admin consent.'
    );
  }
  if (/^(invalid_scope|invalid_target|invalid_resource)$/.test(error)) {
    return fail(
      'sign-in',
      'scope-wrong',
      `The provider refuses the scopes of the settings (${error}).`,
      'Leave signIn.scopes out: the default is right for the Azure DICOM service.'
    );
  }
  return undefined;
}

async function redeemMadeUpCode(
  { clientId, redirectUri }: Registration,
  { tokenEndpoint }: Provider,
  tools: DoctorTools,
  { viewerOrigin, readsPages }: { viewerOrigin: string; readsPages: boolean }
): Promise<Finding> {
  const check = 'redirect-uri';
  const asked = await ask(tools, tokenEndpoint, {
    method: 'POST',
    // A browser puts its own; that is the point of it.
    headers: { Origin: viewerOrigin },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code: 'made-up-by-doctor',
      code_verifier: CODE_VERIFIER,
    }),
  });
  if (!asked.response) {
    return fail(
      check,
      'cors-identity',
      `The token endpoint does not answer pages of ${viewerOrigin}: ${asked.why}.`,
      'Register the redirect URI under "Single-page application"; then the provider allows its origin.'
    );
  }
  const { response, text } = asked;
  const number = entraNumberIn(text);
  if (number !== undefined && faultOfEntra(number) !== undefined) {
    return entraFinding(check, number, tools, redirectUri);
  }
  const error = jsonObject(text)?.error;
  if (error === 'invalid_client' || error === 'unauthorized_client') {
    return fail(
      check,
      'client-unknown',
      `The token endpoint refuses the client id ${clientId} (${error}).`,
      'Check signIn.clientId, and that the app is registered as a single-page application.'
    );
  }
  const allowed = response.headers.get('access-control-allow-origin');
  // A page that could read the answer has been allowed to.
  if (readsPages && allowed !== '*' && allowed !== viewerOrigin) {
    return fail(
      check,
      'redirect-uri-not-spa',
      `The token endpoint does not let pages of ${viewerOrigin} read its answers.`,
      'Register the redirect URI under "Single-page application"; then the provider allows its origin.'
    );
  }
  return ok(check, `${redirectUri} is registered, and its page may redeem codes.`);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
