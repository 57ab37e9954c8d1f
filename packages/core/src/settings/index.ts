export { formatProblem, type SettingProblem } from './problem.ts';
export {
  DATA_SOURCE_NAMESPACE,
  DEFAULT_SCOPES,
  isLoopback,
  PARTITION_NAME,
  type ReportSettings,
  type ShareTokenSettings,
  type SignInSettings,
} from './viewer-settings.ts';
export type {
  ArchivePartition,
  ArchiveSettings,
  ResolvedSignIn,
  ViewerSettings,
} from './archive-settings.ts';
export { siblingArchive } from './partition-archives.ts';
export { resolveViewerSettings } from './resolve-viewer-settings.ts';
export {
  settingRows,
  settingsMarkdown,
  settingsSchema,
  type SettingRow,
} from './settings-table.ts';
