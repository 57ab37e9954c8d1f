import type { Reason, Summary } from '../ledger/index.ts';
import type { Health } from './auto-router.ts';
import type { GateStatus, ServiceGate } from './service-gate.ts';

/** The member `auto_router` of `GET /status`. */
export interface RouterStatus {
  readonly orthanc: 'reachable' | 'not asked yet' | { readonly problem: string };
  readonly ledger: 'ok' | { readonly problem: string };
  readonly counts?: Summary['counts'];
  /** Seconds since the oldest instance that waits came in. */
  readonly oldest_waiting_seconds?: number;
  readonly retrying?: number;
  readonly found_by_reconciliation: number;
  readonly services: Readonly<Record<string, GateStatus>>;
}

/** The status of a moment, from what is known without asking anybody. */
export function routerStatus(
  health: Health,
  problem: Reason | undefined,
  summary: Summary | undefined,
  gates: ReadonlyMap<string, ServiceGate>,
  now: number
): RouterStatus {
  const { orthanc, ledger, lastFeedAt, foundByReconciliation } = health;
  const ledgerProblem = problem?.text ?? ledger;
  const oldest = summary?.oldestWaitingAt;
  return {
    orthanc:
      orthanc !== undefined
        ? { problem: orthanc }
        : lastFeedAt === undefined
          ? 'not asked yet'
          : 'reachable',
    ledger: ledgerProblem === undefined ? 'ok' : { problem: ledgerProblem },
    counts: summary?.counts,
    oldest_waiting_seconds:
      oldest === undefined ? undefined : Math.max(0, Math.round((now - oldest) / 1_000)),
    retrying: summary?.retrying,
    found_by_reconciliation: foundByReconciliation,
    services: Object.fromEntries([...gates].map(([name, gate]) => [name, gate.status()])),
  };
}
