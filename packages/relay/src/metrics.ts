import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Tally } from './tally.ts';

/** What became of an instance, as in the label `outcome`. */
export type InstanceOutcomeLabel =
  'stored' | 'alreadyStored' | 'different' | 'notCompared' | 'failed';

export const INSTANCE_OUTCOMES = [
  'stored',
  'alreadyStored',
  'different',
  'notCompared',
  'failed',
] as const satisfies readonly InstanceOutcomeLabel[];

/** What one server counts. */
export interface ServerMetrics {
  /** A request of a caller was answered, or its caller went away (status 0). */
  request(route: string, status: number, seconds: number): void;
  bytes(direction: 'toService' | 'toCaller', bytes: number): void;
  instances(outcome: InstanceOutcomeLabel, count: number): void;
  /** What {@link instances} has counted since the start. */
  readonly counted: Readonly<Record<InstanceOutcomeLabel, number>>;
  tokenRenewal(result: 'obtained' | 'failed'): void;
  /** A request was sent to the service once more. */
  retry(reason: '401' | '429' | '503' | 'connection'): void;
}

/** The relay's metrics. */
export interface RelayMetrics {
  readonly registry: Registry;
  server(name: string): ServerMetrics;
  /** Requests of callers under way. */
  readonly inFlight: { inc(): void; dec(): void };
  /** A request was refused by the relay itself. */
  refused(reason: string): void;
}

/** From a search to a study over a slow line. */
const DURATION_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600];

/** Metrics in a registry of their own, with those of the process. No label holds a UID, an address or a name of a person. */
export function relayMetrics(): RelayMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Tally({
    name: 'relay_requests_total',
    help: 'Requests of callers by server, route (store, read, delete) and HTTP status; 0: the caller went away.',
    labelNames: ['server', 'route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'relay_request_duration_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['server', 'route'],
    buckets: DURATION_SECONDS,
    registers,
  });
  const bytes = new Tally({
    name: 'relay_bytes_total',
    help: 'Bytes of bodies by direction: toService, toCaller.',
    labelNames: ['server', 'direction'],
    registers,
  });
  const instances = new Tally({
    name: 'relay_instances_total',
    help: 'SOP Instances of Store requests by outcome: stored, alreadyStored, different and notCompared (under UIDs that the service has already), failed.',
    labelNames: ['server', 'outcome'],
    registers,
  });
  const renewals = new Counter({
    name: 'relay_token_renewals_total',
    help: 'Access tokens that were obtained anew, and attempts that failed.',
    labelNames: ['server', 'result'],
    registers,
  });
  const retries = new Counter({
    name: 'relay_retries_total',
    help: 'Requests sent to the service once more, by reason.',
    labelNames: ['server', 'reason'],
    registers,
  });
  const refusals = new Counter({
    name: 'relay_refusals_total',
    help: 'Requests that the relay refused itself, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const inFlight = new Gauge({
    name: 'relay_requests_in_flight',
    help: 'Requests of callers under way.',
    registers,
  });
  return {
    registry,
    inFlight,
    refused: reason => refusals.inc({ reason }),
    server: server => {
      const counted = { stored: 0, alreadyStored: 0, different: 0, notCompared: 0, failed: 0 };
      return {
        counted,
        request: (route, status, took) => {
          requests.add(1, server, route, String(status));
          seconds.observe({ server, route }, took);
        },
        bytes: (direction, count) => bytes.add(count, server, direction),
        instances: (outcome, count) => {
          counted[outcome] += count;
          if (count > 0) instances.add(count, server, outcome);
        },
        tokenRenewal: result => renewals.inc({ server, result }),
        retry: reason => retries.inc({ server, reason }),
      };
    },
  };
}
