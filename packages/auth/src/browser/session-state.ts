import type { AuthError } from '../auth-error.ts';
import { warningDueAt } from './renewal-schedule.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionState } from './session-types.ts';

/** What a session's state is made of. */
export interface StateParts {
  readonly hasStarted: boolean;
  readonly record: SessionRecord | undefined;
  readonly isExpired: boolean;
  readonly isRenewalFailing: boolean;
  readonly problem: AuthError | undefined;
  readonly signInWindow: SessionState['signInWindow'];
  /** Milliseconds. */
  readonly now: number;
}

function isEndingSoon(record: SessionRecord, now: number): boolean {
  if (record.isRenewalRefused) return true;
  return record.endsAt !== undefined && now >= warningDueAt(record.signedInAt, record.endsAt);
}

/** The state as the user interface shows it. */
export function composeState(parts: StateParts): SessionState {
  const { hasStarted, record, isExpired, isRenewalFailing, signInWindow, now } = parts;
  const { code, message } = parts.problem ?? {};
  const common = {
    ...(code && message !== undefined && { problem: { code, message } }),
    ...(signInWindow && { signInWindow }),
  };
  if (!hasStarted) return { status: 'starting', ...common };
  if (!record) return { status: 'signed-out', ...common };
  return {
    status: isExpired ? 'expired' : 'signed-in',
    account: record.account,
    ...(record.expiresAt !== undefined && { accessTokenExpiresAt: record.expiresAt }),
    ...(record.endsAt !== undefined && { sessionEndsAt: record.endsAt }),
    renewal: isRenewalFailing ? 'failing' : 'ok',
    ...(isEndingSoon(record, now) && { isEndingSoon: true }),
    ...common,
  };
}
