import type { RelayPartFactory } from './relay-part.ts';
import { autoRouterPart } from './router/index.ts';

/** What every relay has beside the proxy, in the order in which it is started; stopped in the reverse order. */
export const RELAY_PARTS: readonly RelayPartFactory[] = [autoRouterPart];
