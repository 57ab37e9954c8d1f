import type { ExchangeContext } from './exchange.ts';
import type { RetryPolicy } from './retry.ts';

const contexts = /* @__PURE__ */ new WeakMap<object, ExchangeContext>();

/** Keeps what a client shares with the functions that take it. */
export function keepContext<Client extends object>(
  client: Client,
  context: ExchangeContext
): Client {
  contexts.set(client, context);
  return client;
}

/** @throws TypeError when the client was not made by `createDicomwebClient`. */
export function contextOf(client: object): ExchangeContext {
  const context = contexts.get(client);
  if (!context) throw new TypeError('client: expected one made by createDicomwebClient');
  return context;
}

/** The client, for functions that take one: they send throttled requests again by this policy. Its own methods stay as they are. */
export function withRetryPolicy<Client extends object>(
  client: Client,
  retry: Partial<RetryPolicy>
): Client {
  const context = contextOf(client);
  return keepContext({ ...client }, { ...context, retry: { ...context.retry, ...retry } });
}

/** For what the Azure DICOM service has once, whatever its data partitions: the path has none. */
export function wholeService(context: ExchangeContext): ExchangeContext {
  return { ...context, serviceUrl: context.serviceUrl.replace(/\/partitions\/[^/]+$/, '') };
}
