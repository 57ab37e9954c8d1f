import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { decodeProtectedHeader, jwtVerify, type JWTVerifyGetKey } from 'jose';

/** What a profile lets its user do; `UserProfileResponse` of orthanc-auth-service. */
export interface Profile {
  name: string;
  permissions: readonly string[];
  /** Labels whose studies it may reach; `*`: all of them, and those without a label. */
  labels: readonly string[];
  userId?: string;
}

/** The kind of credential that came with a request; what the log of the gate tells of it. */
export type CredentialKind =
  'none' | 'share token' | 'user token' | 'expired user token' | 'api-key' | 'other';

/** One token of a request, as the services behind the plugin would understand it. */
export interface Credential {
  kind: CredentialKind;
  profile: Profile;
  /** Study Instance UIDs that it opens as a resource token; none for any other token, and for one that is not valid. */
  grants: readonly string[];
}

/** What tokens are checked against. */
export interface TokenRules {
  /** `SECRET_KEY` of the authorization service, for share tokens (HS256). */
  secret: string;
  /** The plugin's `WebServiceIdentifier`, sent along with each question. */
  identifier?: string;
  /** The authorization service's own server id: where it has one, a question must come with the same. */
  serverId?: string;
  /** Keys of the realm, for user tokens (RS256). */
  realmKeys: JWTVerifyGetKey;
  /** permissions.json: by role. */
  roles: Readonly<Record<string, Pick<Profile, 'permissions' | 'labels'>>>;
  /** anonymous-profile.json. */
  anonymous: Pick<Profile, 'permissions' | 'labels'>;
  /** Keys of users, and the roles that these have (`ENABLE_KEYCLOAK_API_KEYS`). */
  apiKeys: Readonly<Record<string, readonly string[]>>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Types that orthanc-auth-service 917f219 knows (models.py); the type decides nothing else than whether the token can be read. */
const SHARE_TYPES = new Set([
  'viewer-instant-link',
  'download-instant-link',
  'stone-viewer-publication',
  'ohif-viewer-publication',
  'osimis-viewer-publication',
  'volview-viewer-publication',
  'meddream-viewer-publication',
]);

/** The order in which the plugin goes through them: a `std::set` of names. */
const TOKEN_HEADERS = ['authorization', 'api-key', 'token'] as const;

/** The tokens of a request, in the order in which the plugin looks at them. */
export async function credentialsOf(
  headers: IncomingHttpHeaders,
  rules: TokenRules
): Promise<Credential[]> {
  const found: Credential[] = [];
  for (const name of TOKEN_HEADERS) {
    const value = headers[name];
    if (typeof value !== 'string' || value === '') continue;
    const isKey = name === 'api-key';
    found.push(
      isKey ? apiKey(value, rules) : await readToken(value.replace(/^Bearer /, ''), rules)
    );
  }
  return found;
}

/** `anonymous-profile.json`: for no token at all, and for every token that is no user's. */
export const anonymousProfile = ({ anonymous }: TokenRules): Profile => ({
  name: 'Anonymous',
  ...anonymous,
});

async function readToken(token: string, rules: TokenRules): Promise<Credential> {
  const algorithm = algorithmOf(token);
  if (algorithm === 'RS256') return userToken(token, rules);
  const nobody = { profile: anonymousProfile(rules), grants: [] };
  if (algorithm !== 'HS256') return { kind: 'other', ...nobody };
  return { ...nobody, kind: 'share token', grants: await grantsOf(token, rules) };
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined;
  }
}

/** keycloak.py: `jwt.decode(..., audience="account", algorithms=["RS256"])`; the issuer is not checked. All that fails is Anonymous. */
async function userToken(token: string, rules: TokenRules): Promise<Credential> {
  try {
    const { payload } = await jwtVerify(token, rules.realmKeys, {
      audience: 'account',
      algorithms: ['RS256'],
      currentDate: new Date(rules.now()),
    });
    const { realm_access: access } = payload as { realm_access?: { roles?: string[] } };
    const name = String(payload.name ?? payload.preferred_username ?? '');
    const profile = profileOfRoles(name, access?.roles ?? [], rules);
    return { kind: 'user token', profile: { ...profile, userId: payload.sub }, grants: [] };
  } catch (error) {
    const isExpired = (error as { code?: unknown }).code === 'ERR_JWT_EXPIRED';
    const kind = isExpired ? 'expired user token' : 'other';
    return { kind, profile: anonymousProfile(rules), grants: [] };
  }
}

function profileOfRoles(name: string, roles: readonly string[], rules: TokenRules): Profile {
  const known = roles.flatMap(role => rules.roles[role] ?? []);
  return {
    name,
    permissions: [...new Set(known.flatMap(({ permissions }) => permissions))],
    labels: [...new Set(known.flatMap(({ labels }) => labels))],
  };
}

function apiKey(value: string, rules: TokenRules): Credential {
  const roles = Object.hasOwn(rules.apiKeys, value) ? rules.apiKeys[value] : undefined;
  const profile = roles ? profileOfRoles('by key', roles, rules) : anonymousProfile(rules);
  return { kind: 'api-key', profile: { ...profile, userId: roles && keyId(value) }, grants: [] };
}

const keyId = (value: string) => createHash('sha256').update(value).digest('hex').slice(0, 8);

/** `TokensManager.is_valid` and `is_expired`: resources, server id, expiration_date. Neither `type`, `level` nor the method counts. */
async function grantsOf(token: string, rules: TokenRules): Promise<string[]> {
  const key = new TextEncoder().encode(rules.secret);
  const claims = await jwtVerify(token, key, { algorithms: ['HS256'] }).then(
    ({ payload }) => payload as Record<string, unknown>,
    () => undefined
  );
  if (!claims || !SHARE_TYPES.has(String(claims['type']))) return [];
  if (rules.serverId !== undefined && rules.serverId !== rules.identifier) return [];
  const end = claims['expiration_date'];
  if (typeof end === 'string' && rules.now() >= Date.parse(end)) return [];
  const resources = (claims['resources'] ?? []) as { dicom_uid?: string }[];
  return resources.flatMap(({ dicom_uid: uid }) => uid ?? []);
}
