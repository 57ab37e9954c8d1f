/** Audience of the DICOM service: the same for all services and tenants (service documentation, "get access token"). */
export const DICOM_AUDIENCE = 'https://dicom.healthcareapis.azure.com';
/** Microsoft Graph as a resource; its access tokens have {@link GRAPH_AUDIENCE} as audience. */
export const GRAPH_RESOURCE = 'https://graph.microsoft.com';
/** Application id of Microsoft Graph, the audience of access tokens of a sign-in that names no resource. */
export const GRAPH_AUDIENCE = '00000003-0000-0000-c000-000000000000';

/** The one delegated permission of the DICOM service, in the short form of the `scp` claim. */
export const DICOM_PERMISSION = 'Dicom.ReadWrite';

/** Scopes of OpenID Connect itself: they belong to no resource. */
export const OPENID_SCOPES = ['openid', 'profile', 'email', 'offline_access'] as const;

const DICOM_SCOPES = [`${DICOM_AUDIENCE}/${DICOM_PERMISSION}`, `${DICOM_AUDIENCE}/.default`];
const GRAPH_SCOPES = ['User.Read', `${GRAPH_RESOURCE}/User.Read`, `${GRAPH_RESOURCE}/.default`];

/** A resource that access tokens are issued for. */
export interface ResourceDescription {
  /** The `aud` claim. */
  readonly audience: string;
  /** All scopes of the resource, in the form in which they are asked for. */
  readonly scopes: readonly string[];
}

/** The resources this provider knows, by resource indicator. */
export const RESOURCES: Readonly<Record<string, ResourceDescription>> = {
  [DICOM_AUDIENCE]: { audience: DICOM_AUDIENCE, scopes: DICOM_SCOPES },
  [GRAPH_RESOURCE]: {
    audience: GRAPH_AUDIENCE,
    scopes: ['openid', 'profile', 'email', ...GRAPH_SCOPES],
  },
};

/** A scope parameter that cannot be served, in words. */
export interface ScopeProblem {
  readonly problem: string;
  /** The scope at fault. */
  readonly scope: string;
}

/**
 * The resource that the scopes of a request are for. Entra ID issues an access token for one resource, the one its
 * scopes name; a sign-in with none gets an access token for Microsoft Graph, which is of no use at the DICOM service.
 * @param scope - the `scope` parameter, separated by spaces (RFC 6749 section 3.3).
 * @returns the resource indicator, or what is wrong.
 */
export function resourceOfScopes(scope: string | undefined): { resource: string } | ScopeProblem {
  let named: string | undefined;
  for (const one of splitScope(scope)) {
    if ((OPENID_SCOPES as readonly string[]).includes(one)) {
      continue;
    }
    const resource = DICOM_SCOPES.includes(one)
      ? DICOM_AUDIENCE
      : GRAPH_SCOPES.includes(one)
        ? GRAPH_RESOURCE
        : undefined;
    if (resource === undefined) {
      return {
        problem: `scope: not known here; expected ${OPENID_SCOPES.join(', ')} and ${DICOM_SCOPES[0]}`,
        scope: one,
      };
    }
    if (named !== undefined && named !== resource) {
      return { problem: 'scope: one access token is for one resource, found two', scope: one };
    }
    named = resource;
  }
  return { resource: named ?? GRAPH_RESOURCE };
}

/**
 * The resource of a client credentials request: Entra ID takes `<resource>/.default` alone there, as an application has
 * what was assigned to it and cannot ask for a part.
 */
export function resourceOfClientCredentials(
  scope: string | undefined
): { resource: string } | ScopeProblem {
  const scopes = splitScope(scope);
  const one = scopes[0] ?? '';
  if (scopes.length !== 1 || !one.endsWith('/.default')) {
    return {
      problem: `scope: client credentials take exactly one, <resource>/.default, such as ${DICOM_SCOPES[1]}`,
      scope: scope ?? '',
    };
  }
  return resourceOfScopes(one);
}

/**
 * The `scp` claim: permissions in their short form.
 * @param audience - the `aud` claim of the access token.
 * @param scope - granted scopes of that resource, in the form in which they were asked for.
 */
export function scopeClaim(audience: string, scope: string | undefined): string {
  if (audience === DICOM_AUDIENCE) {
    return DICOM_PERMISSION;
  }
  const short = splitScope(scope).map(one =>
    one.startsWith(`${GRAPH_RESOURCE}/`) ? one.slice(GRAPH_RESOURCE.length + 1) : one
  );
  return [...new Set(short.map(one => (one === '.default' ? 'User.Read' : one)))].join(' ');
}

function splitScope(scope: string | undefined): string[] {
  return (scope ?? '').split(' ').filter(one => one !== '');
}
