import type { ExchangeContext } from './exchange.ts';

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
