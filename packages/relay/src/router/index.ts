export {
  DEFAULT_ROUTING,
  ROUTING_DEFAULTS,
  routingSchema,
  serversOf,
  type Routing,
} from './routing-schema.ts';
export { autoRouterPart } from './auto-router-part.ts';
