import type { AuthError } from '../auth-error.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionState } from './session-types.ts';

/** What a session's state is made of. */
export interface StateParts {
  readonly hasStarted: boolean;
  readonly record: SessionRecord | undefined;
  readonly isExpired: boolean;
  readonly isRenewalFailing: boolean;
  readonly problem: AuthError | undefined;
}

/** The state as the user interface shows it. */
export function composeState(parts: StateParts): SessionState {
  const { hasStarted, record, isExpired, isRenewalFailing } = parts;
  const { code, message } = parts.problem ?? {};
  const problem = code && message !== undefined ? { problem: { code, message } } : {};
  if (!hasStarted) return { status: 'starting', ...problem };
  if (!record) return { status: 'signed-out', ...problem };
  return {
    status: isExpired ? 'expired' : 'signed-in',
    account: record.account,
    ...(record.expiresAt !== undefined && { accessTokenExpiresAt: record.expiresAt }),
    ...(record.endsAt !== undefined && { sessionEndsAt: record.endsAt }),
    renewal: isRenewalFailing ? 'failing' : 'ok',
    ...problem,
  };
}
