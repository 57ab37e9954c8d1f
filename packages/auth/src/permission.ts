import type { AccessTokenKind } from './access-token-kind.ts';

/** What a request does at the DICOM service (PS3.18 10: Search, Retrieve, Store; Delete is the service's own). */
export type Operation = 'search' | 'retrieve' | 'store' | 'delete';

export const OPERATIONS: readonly Operation[] = ['search', 'retrieve', 'store', 'delete'];

/** Why a permission is answered as it is. Stable; made for programs, as `reason` is for people. */
export type PermissionCode =
  | 'permitted'
  | 'server-decides'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-audience'
  | 'wrong-kind'
  | 'read-only-link'
  | 'no-write-scope'
  | 'no-write-role';

/** Whether an access token permits an operation, as far as can be told without asking the server. */
export interface Permission {
  readonly answer: 'yes' | 'no' | 'unknown';
  readonly code: PermissionCode;
  /** The same in words; without claims of the access token. */
  readonly reason: string;
}

/** What {@link judgePermission} needs to know. */
export interface JudgedToken {
  readonly kind: AccessTokenKind;
  /** Something is wrong with the token itself, whatever the operation. */
  readonly flaw: Permission | undefined;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** An application's own access token, not a user's. */
  readonly isApplication: boolean;
  readonly dialect: 'azure' | 'standard';
}

const yes = (reason: string): Permission => ({ answer: 'yes', code: 'permitted', reason });
const unknown = (reason: string): Permission => ({
  answer: 'unknown',
  code: 'server-decides',
  reason,
});
/** A permission denied. */
export const no = (code: PermissionCode, reason: string): Permission => ({
  answer: 'no',
  code,
  reason,
});

const READ_WRITE_SCOPE = /^Dicom\.ReadWrite(\.All)?$/i;
const READ_SCOPE = /^Dicom\.Read(\.All)?$/i;
/** Grants what the application may do, without naming it (`az account get-access-token`). */
const GENERIC_SCOPE = /^(user_impersonation|\.default)$/i;

/** Azure's built-in roles, and those of the open-source server's `roles.json`: azure-dicom-service.md, 5. */
const WRITE_ROLE = /^(DICOM Data Owner|globalAdmin|globalWriter)$/i;
const READ_ROLE = /^(DICOM Data Reader|globalReader)$/i;

/** `https://service/Dicom.ReadWrite` is written `Dicom.ReadWrite` in `scp`; some providers keep the whole. */
const shortScope = (scope: string): string => scope.slice(scope.lastIndexOf('/') + 1);

function judgeEntraAccess(token: JudgedToken, operation: Operation): Permission {
  const isWrite = operation === 'store' || operation === 'delete';
  const scopes = token.scopes.map(shortScope);
  const has = (pattern: RegExp): boolean => scopes.some(scope => pattern.test(scope));
  if (isWrite && !token.roles.some(role => WRITE_ROLE.test(role))) {
    if (token.roles.some(role => READ_ROLE.test(role))) {
      return no('no-write-role', 'The role it carries may read, not write.');
    }
  }
  if (token.dialect === 'standard') {
    return unknown('This server has rules of its own for access tokens of Microsoft Entra ID.');
  }
  if (token.isApplication) {
    return unknown(
      isWrite
        ? 'It belongs to an application: the role assigned at the service decides (DICOM Data Owner may write).'
        : 'It belongs to an application: the role assigned at the service decides.'
    );
  }
  if (has(READ_WRITE_SCOPE)) {
    return yes('It has the permission Dicom.ReadWrite; the role at the service has the last word.');
  }
  if (has(READ_SCOPE)) {
    return isWrite
      ? no('no-write-scope', 'It has the permission to read only (Dicom.Read).')
      : yes('It has the permission Dicom.Read; the role at the service has the last word.');
  }
  if (has(GENERIC_SCOPE)) return unknown('The role assigned at the service decides.');
  return isWrite
    ? no('no-write-scope', 'It lacks the permission Dicom.ReadWrite.')
    : unknown('It lacks the permission Dicom.ReadWrite; the service may refuse it.');
}

/** The answer for one operation. */
export function judgePermission(token: JudgedToken, operation: Operation): Permission {
  if (token.flaw) return token.flaw;
  switch (token.kind) {
    case 'entra-id':
      return no('wrong-kind', 'It is an ID token: it says who signed in, and opens nothing.');
    case 'orthanc-share':
      return operation === 'search' || operation === 'retrieve'
        ? yes('It is the access token of a link to view, for the studies it names.')
        : no(
            'read-only-link',
            'It is the access token of a link to view: it may not change anything.'
          );
    case 'entra-access':
      return judgeEntraAccess(token, operation);
    case 'oidc-access':
      return unknown("The server decides by the user's roles.");
    case 'opaque':
      return unknown('It cannot be read; only the server knows what it permits.');
  }
}
