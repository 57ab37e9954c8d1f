export { RelayError } from './relay-error.ts';
export type { RelayErrorCode } from './relay-error.ts';
export { readRelaySettings } from './settings.ts';
export type { CallerCredentials, RelaySettings } from './settings.ts';
export { relaySettingsMarkdown } from './settings-manifest.ts';
export { startRelay } from './start-relay.ts';
export type { RelayOptions, RunningRelay } from './start-relay.ts';
