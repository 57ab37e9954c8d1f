import { AZURE_DICOM_SCOPE } from '../azure-dicom-service.ts';
import { problemsOf, type SettingProblem } from './problem.ts';
import type { ResolvedSignIn } from './archive-settings.ts';
import { stockOidcSchema } from './viewer-settings.ts';

/** Scopes of OpenID Connect itself; any other names a resource, and an access token is for one resource only. */
export const OPENID_SCOPES: readonly string[] = ['openid', 'profile', 'offline_access'];
const OTHER_OPENID_SCOPES = ['email', 'address', 'phone'];

/**
 * The sign-in of a top-level `oidc: [{...}]` block. The stock viewer's own sign-in cannot serve Azure
 * (docs/sign-in.md), so it is taken over.
 */
export function signInOfStockBlock(
  oidc: unknown,
  problems: SettingProblem[]
): ResolvedSignIn | undefined {
  if (oidc === undefined) return undefined;
  const block: unknown = Array.isArray(oidc) ? oidc[0] : undefined;
  const parsed = stockOidcSchema.safeParse(block);
  if (!parsed.success) {
    problems.push(...problemsOf(parsed.error, block, ['oidc', 0]));
    return undefined;
  }
  const { authority, client_id, scope, redirect_uri, post_logout_redirect_uri } = parsed.data;
  const scopes = new Set([...OPENID_SCOPES, ...(scope ?? '').split(/\s+/)]);
  scopes.delete('');
  return {
    authority,
    clientId: client_id,
    scopes: [...scopes],
    redirectPath: pathOf(redirect_uri) ?? '/callback',
    signedOutPath: pathOf(post_logout_redirect_uri) ?? '/signed-out',
    when: 'start',
  };
}

/** With the Azure DICOM service's scope, where the block asks for no resource of its own. */
export function withAzureScope(signIn: ResolvedSignIn): ResolvedSignIn {
  const known = [...OPENID_SCOPES, ...OTHER_OPENID_SCOPES];
  const asksForResource = signIn.scopes.some(scope => !known.includes(scope));
  return asksForResource ? signIn : { ...signIn, scopes: [...signIn.scopes, AZURE_DICOM_SCOPE] };
}

/** The path of an address of ours; undefined for `/`, which cannot be a callback: the work list is there. */
function pathOf(address: string | undefined): string | undefined {
  if (!address || !URL.canParse(address, 'https://viewer.invalid')) return undefined;
  const { pathname } = new URL(address, 'https://viewer.invalid');
  return pathname === '/' ? undefined : pathname;
}
