import {
  openFileLedger,
  openPostgresLedger,
  type Ledger,
  type QuietTimes,
  type Summary,
} from '../ledger/index.ts';
import type { RelayContext, RelayPart } from '../relay-part.ts';
import { operatorPage } from '../ui/index.ts';
import { AutoRouter } from './auto-router.ts';
import { orthancClient } from './orthanc-client.ts';
import { queueRoute } from './queue-routes.ts';
import { routerMetrics } from './router-metrics.ts';
import { routerStatus, type RouterStatus } from './router-status.ts';
import { ServiceGate } from './service-gate.ts';

/** How old the numbers of `/status` may be, in milliseconds. */
const SUMMARY_MS = 1_000;

function openLedger(
  { settings, clock }: RelayContext,
  dataFolder: string,
  times: QuietTimes
): Promise<Ledger> {
  const { databaseUrl, routing } = settings;
  if (databaseUrl === undefined) return openFileLedger({ folder: dataFolder, clock, ...times });
  const leaseMs = routing.leaseSeconds * 1_000;
  return openPostgresLedger({ url: databaseUrl, leaseMs, ...times });
}

/**
 * The auto-router with its routes `/queue` and `/ui`, when `ORTHANC_URL` is set.
 * @throws {LedgerError} when the ledger cannot be opened.
 */
export async function autoRouterPart(context: RelayContext): Promise<RelayPart | undefined> {
  const { settings, servers, clock, registry } = context;
  const logger = context.logger.child({ part: 'auto-router' });
  const { orthanc: address, dataFolder, routing, quietSeconds } = settings;
  if (!address) return undefined;
  if (dataFolder === undefined && settings.databaseUrl === undefined) {
    throw new TypeError('the auto-router: expected dataFolder or databaseUrl');
  }
  const times = {
    quietMs: quietSeconds * 1_000,
    longestMs: Math.max(quietSeconds, routing.longestWaitSeconds) * 1_000,
  };
  const ledger = await openLedger(context, dataFolder ?? '', times);
  const orthanc = orthancClient(address);
  const random = Math.random;
  const gates = new Map(
    [...servers.keys()].map(name => [
      name,
      new ServiceGate(clock, routing.maxPauseSeconds * 1_000, random),
    ])
  );
  const events = routerMetrics(registry, ledger, gates, () => clock.now());
  const router = new AutoRouter({
    ledger,
    orthanc,
    servers,
    gates,
    routing,
    clock,
    logger,
    random,
    events,
  });

  let summary: Summary | undefined;
  let summaryAt = Number.NEGATIVE_INFINITY;
  // `status` may not wait: it gives the numbers of a moment ago, and asks for new ones.
  const status = (): RouterStatus => {
    const now = clock.now();
    if (now - summaryAt >= SUMMARY_MS) {
      summaryAt = now;
      ledger.summary().then(
        counted => (summary = counted),
        () => (summary = undefined)
      );
    }
    return routerStatus(router.health(), ledger.problem(), summary, gates, now);
  };
  const fresh = async (): Promise<RouterStatus> => {
    summary = await ledger.summary().catch(() => undefined);
    return routerStatus(router.health(), ledger.problem(), summary, gates, clock.now());
  };
  await fresh();

  return {
    name: 'auto_router',
    routes: [
      queueRoute(ledger),
      operatorPage({ ledger, orthanc, status: fresh, servers, caller: settings.caller, clock }),
    ],
    status,
    notReady: () => {
      const problem = ledger.problem();
      return problem && `the ledger: ${problem.text}`;
    },
    start: () => router.start(),
    stop: async () => {
      await router.stop();
      orthanc.close();
      await ledger.close();
    },
  };
}
