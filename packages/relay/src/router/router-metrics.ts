import { Counter, Gauge, type Registry } from 'prom-client';
import { STATES, type Ledger } from '../ledger/index.ts';
import type { CourierEvents } from './courier.ts';
import type { ServiceGate } from './service-gate.ts';

const MS = 1_000;

/** The auto-router's metrics. A ledger that cannot be read leaves its values out; `relay_ledger_ok` says so. */
export function routerMetrics(
  registry: Registry,
  ledger: Ledger,
  gates: ReadonlyMap<string, ServiceGate>,
  now: () => number
): CourierEvents {
  const registers = [registry];
  const instances = new Counter({
    name: 'relay_router_instances_total',
    help: 'SOP Instances of the auto-router by server and result: sent, retried, dead.',
    labelNames: ['server', 'result'],
    registers,
  });
  const bytes = new Counter({
    name: 'relay_router_bytes_total',
    help: 'Bytes of the SOP Instances that the auto-router has sent.',
    labelNames: ['server'],
    registers,
  });
  new Gauge({
    name: 'relay_queue_instances',
    help: 'SOP Instances in the ledger by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset();
      const summary = await ledger.summary().catch(() => undefined);
      if (!summary) return;
      for (const state of STATES) this.set({ state }, summary.counts[state]);
    },
  });
  new Gauge({
    name: 'relay_queue_oldest_seconds',
    help: 'Age of the oldest SOP Instance that waits; 0: none waits.',
    registers,
    async collect() {
      const summary = await ledger.summary().catch(() => undefined);
      if (!summary) return this.reset();
      const { oldestWaitingAt } = summary;
      this.set(oldestWaitingAt === undefined ? 0 : Math.max(0, now() - oldestWaitingAt) / MS);
    },
  });
  new Gauge({
    name: 'relay_ledger_ok',
    help: '1: the ledger can be written; 0: it cannot, see /status.',
    registers,
    collect() {
      this.set(ledger.problem() === undefined ? 1 : 0);
    },
  });
  new Gauge({
    name: 'relay_router_service_open',
    help: '1: the auto-router sends to the server; 0: it pauses, since the service is down or refuses.',
    labelNames: ['server'],
    registers,
    collect() {
      for (const [server, gate] of gates) {
        this.set({ server }, gate.status().state === 'open' ? 1 : 0);
      }
    },
  });
  return {
    sent: (server, count, sentBytes) => {
      instances.inc({ server, result: 'sent' }, count);
      bytes.inc({ server }, sentBytes);
    },
    retried: (server, count) => instances.inc({ server, result: 'retried' }, count),
    died: (server, count) => instances.inc({ server, result: 'dead' }, count),
  };
}
