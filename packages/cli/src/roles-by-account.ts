import { UsageError } from './usage-error.ts';

type Role = 'owner' | 'reader';

/** Claims which may name an account. */
const NAMES = ['oid', 'preferred_username', 'upn', 'unique_name', 'appid', 'azp', 'sub'];

/**
 * Gives the role of a caller by the claims of the access token.
 *
 * @param assignments - `account=owner`, `account=reader` or `account=none`; accounts which are not
 *   named have no role. Without any, everybody is owner.
 * @throws {UsageError} when an assignment cannot be read.
 */
export function rolesByAccount(
  assignments: readonly string[] | undefined
): (claims: Record<string, unknown>) => Role | undefined {
  if (!assignments) return () => 'owner';
  const roles = new Map<string, Role | undefined>();
  for (const assignment of assignments) {
    const [, account, role] = /^(.+)=(owner|reader|none)$/.exec(assignment) ?? [];
    if (account === undefined) {
      throw new UsageError(`--role expects <account>=owner, reader or none, not '${assignment}'.`);
    }
    roles.set(account, role === 'none' ? undefined : (role as Role));
  }
  return claims => {
    const named = NAMES.map(name => claims[name]).find(
      value => typeof value === 'string' && roles.has(value)
    );
    return roles.get(String(named));
  };
}
