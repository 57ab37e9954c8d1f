import type { AccessTokenKind } from './access-token-kind.ts';
import { isEntraLike, kindOf } from './access-token-kind.ts';
import type { Claims, DecodedJwt } from './jwt-claims.ts';
import {
  dateMember,
  decodeJwt,
  MAX_JWT_CHARACTERS,
  stringMember,
  stringsMember,
  wordsMember,
} from './jwt-claims.ts';
import { readShareClaims } from './orthanc-share.ts';
import type { Operation, Permission } from './permission.ts';
import { judgePermission, no } from './permission.ts';
import type { ServiceIdentity } from './service.ts';
import { isAudienceOf } from './service.ts';

/** How far the clocks of two machines may be apart, in milliseconds: the default of the service's own check (ASP.NET Core JwtBearer). */
export const CLOCK_SKEW_MS = 300_000;

/** Options of {@link describeToken}. */
export interface DescribeTokenOptions {
  readonly service: ServiceIdentity;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: number;
  /** It is known to be valid now by other means than its times: see `AccessTokenCandidate`. Default: false. */
  readonly isCurrent?: boolean;
}

/** What can be told of an access token by looking at it. Nothing of it is verified. */
export interface TokenDescription {
  readonly kind: AccessTokenKind;
  /** Claim `aud`. */
  readonly audience: readonly string[];
  /** Claims `scp` and `scope`. */
  readonly scopes: readonly string[];
  /** Claim `roles`, and Keycloak's `realm_access.roles`. */
  readonly roles: readonly string[];
  readonly issuer?: string;
  /** Milliseconds. Claim `exp`, or `expiration_date` of a share token. Absent: it does not say. */
  readonly expiresAt?: number;
  /** Milliseconds. Claim `nbf`. */
  readonly notBefore?: number;
  /** StudyInstanceUIDs a share token is for. */
  readonly resources: readonly string[];
  /** A share token that is also for something not named by a StudyInstanceUID; its studies are not all known. */
  readonly hasOtherResources: boolean;
  /** Claim `type` of a share token, for example `viewer-instant-link`. */
  readonly shareType?: string;
  readonly name?: string;
  readonly username?: string;
  readonly permits: Readonly<Record<Operation, Permission>>;
}

/** RFC 6750 2.1 `b64token`: what can stand in an `Authorization` header. */
const B64TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

const MAX_DISPLAY_CHARACTERS = 256;

/** A claim fit to be shown: one line of bounded length. */
function displayed(claims: Claims, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = stringMember(claims, name)
      ?.slice(0, MAX_DISPLAY_CHARACTERS)
      .replace(/\p{C}+/gu, ' ')
      .trim();
    if (text) return text;
  }
  return undefined;
}

function rolesOf(claims: Claims): string[] {
  const realm = Object.hasOwn(claims, 'realm_access') ? claims['realm_access'] : undefined;
  const ofRealm = typeof realm === 'object' && realm !== null ? realm : {};
  return [
    ...new Set([...stringsMember(claims, 'roles'), ...stringsMember(ofRealm as Claims, 'roles')]),
  ];
}

/** An application's own access token (client credentials, managed identity): no user's scope is in it. */
function isApplication(claims: Claims, scopes: readonly string[]): boolean {
  const type = stringMember(claims, 'idtyp');
  return type === undefined ? scopes.length === 0 : type === 'app';
}

function permitsOf(judge: (operation: Operation) => Permission): Record<Operation, Permission> {
  return {
    search: judge('search'),
    retrieve: judge('retrieve'),
    store: judge('store'),
    delete: judge('delete'),
  };
}

/** Something no server takes as an access token, whatever is in it. */
function shapeFlaw(value: string): Permission | undefined {
  if (value.length > MAX_JWT_CHARACTERS) {
    return no('wrong-kind', 'It is longer than any server takes.');
  }
  return B64TOKEN.test(value)
    ? undefined
    : no('wrong-kind', 'It holds characters that no access token has.');
}

function describeOpaque(value: string, dialect: ServiceIdentity['dialect']): TokenDescription {
  const nothing = { scopes: [], roles: [], isApplication: false, dialect };
  const token = { kind: 'opaque', flaw: shapeFlaw(value), ...nothing } as const;
  return {
    kind: 'opaque',
    audience: [],
    scopes: [],
    roles: [],
    resources: [],
    hasOtherResources: false,
    permits: permitsOf(operation => judgePermission(token, operation)),
  };
}

/** What is wrong with the token itself, whatever the operation; the most lasting first. */
function flawOf(
  { header, claims }: DecodedJwt,
  facts: Pick<TokenDescription, 'kind' | 'audience' | 'expiresAt' | 'notBefore'>,
  { service, now, isCurrent = false }: DescribeTokenOptions
): Permission | undefined {
  if ((stringMember(header, 'alg') ?? 'none').toLowerCase() === 'none') {
    return no('wrong-kind', 'It is not signed.');
  }
  if (facts.kind === 'entra-id') return undefined; // says so by itself
  if (facts.kind === 'opaque' && stringMember(claims, 'typ') !== undefined) {
    return no('wrong-kind', 'It is not an access token.'); // Keycloak's refresh or logout token
  }
  const hasAudience =
    facts.kind === 'entra-access' || facts.kind === 'oidc-access' || facts.audience.length > 0;
  if (hasAudience && isAudienceOf(service, facts.audience) === false) {
    return no('wrong-audience', 'It was issued for another service.');
  }
  if (isCurrent) return undefined;
  if (facts.expiresAt !== undefined && now >= facts.expiresAt + CLOCK_SKEW_MS) {
    return no('expired', 'It has expired.');
  }
  if (facts.notBefore !== undefined && now < facts.notBefore - CLOCK_SKEW_MS) {
    return no('not-yet-valid', "It is not valid yet; check this computer's clock.");
  }
  return undefined;
}

/**
 * Tells what an access token is and what it permits at a DICOM service. Pure: no network, no clock of its own.
 *
 * Claims serve to choose and to explain, never to trust: the server decides. Clocks may be {@link CLOCK_SKEW_MS} apart either way.
 * @param jwt - the access token; anything may come (a hostile link, a mistake in the settings). Never throws.
 * @returns for each operation `yes`, `no` or `unknown` with the reason in words.
 * @see RFC 7519; RFC 9068; Microsoft Learn, "Access token claims reference"; reference of Orthanc's share tokens
 */
export function describeToken(jwt: string, options: DescribeTokenOptions): TokenDescription {
  const { service } = options;
  const decoded = decodeJwt(jwt);
  if (!decoded) return describeOpaque(String(jwt ?? ''), service.dialect);
  const { claims } = decoded;
  const audience = stringsMember(claims, 'aud');
  const kind = kindOf(decoded, isAudienceOf(service, audience) === true);
  const share = kind === 'orthanc-share' ? readShareClaims(claims) : undefined;
  const scopes = [...new Set([...wordsMember(claims, 'scp'), ...wordsMember(claims, 'scope')])];
  const facts = {
    kind,
    audience,
    scopes,
    roles: rolesOf(claims),
    issuer: displayed(claims, 'iss'),
    expiresAt: share ? share.expiresAt : dateMember(claims, 'exp'),
    notBefore: dateMember(claims, 'nbf'),
    resources: share?.studyInstanceUIDs ?? [],
    hasOtherResources: share?.hasOtherResources ?? false,
    shareType: share?.shareType,
    name: displayed(claims, 'name'),
    username: displayed(claims, 'preferred_username', 'upn', 'unique_name', 'email'),
  };
  const judged = {
    kind,
    flaw: shapeFlaw(jwt) ?? flawOf(decoded, facts, options),
    scopes,
    roles: facts.roles,
    isApplication: isEntraLike(claims) && isApplication(claims, scopes),
    dialect: service.dialect,
  };
  const permits = permitsOf(operation => judgePermission(judged, operation));
  return { ...withoutUndefined(facts), permits };
}

type Defined<T> = { [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name] } & {
  [Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined>;
};

function withoutUndefined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined)
  ) as Defined<T>;
}
