export { RelayError } from './relay-error.ts';
export type { RelayErrorCode } from './relay-error.ts';
export { loadRelaySettings, readRelaySettings } from './settings.ts';
export type {
  CallerCredentials,
  OrthancSettings,
  ReadSettingsOptions,
  RelaySettings,
} from './settings.ts';
export type { Credential, ServerSettings } from './server-settings.ts';
export { relaySettingRows, relaySettingsMarkdown } from './settings-manifest.ts';
export type { SettingRow } from './settings-manifest.ts';
export { startRelay } from './start-relay.ts';
export type { RelayOptions, RunningRelay } from './start-relay.ts';
export type { RelayStatus } from './status.ts';
