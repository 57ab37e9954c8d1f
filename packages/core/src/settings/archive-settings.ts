import type { SettingProblem } from './problem.ts';
import type { ReportSettings, ShareTokenSettings, SignInSettings } from './viewer-settings.ts';

/** One archive of ours as the extension uses it: every default filled in, every URL absolute. */
export interface ArchiveSettings {
  sourceName: string;
  friendlyName: string;
  /** DICOMweb root with the version and the partition, without a slash at the end. */
  dicomwebRoot: string;
  /** Root of searches; the same as `dicomwebRoot` but in the documented form with two roots. */
  searchRoot: string;
  dialect: 'azure' | 'standard';
  /** How many studies a search of the work list reads at most. */
  queryLimit: number;
  /** One of several data partitions that can be chosen; each is an archive of its own. */
  partition?: ArchivePartition;
  /** Audience an access token must have; undefined where the archive does not say. */
  audience?: string;
  signIn?: ResolvedSignIn;
  shareTokens: ShareTokenSettings;
  report: ReportSettings;
  /** Settings of the stock DICOMweb data source, handed on unchanged. */
  stock: Record<string, unknown>;
}

/** Which part of a service an archive is. */
export interface ArchivePartition {
  name: string;
  /** Name of the service, without that of the partition. */
  serviceName: string;
  /** sourceName of the partition that is shown first. */
  firstSourceName: string;
  /** All that the service lists can be chosen; what the settings name is not all there is. */
  isOneOfAll: boolean;
}

export interface ResolvedSignIn extends Omit<SignInSettings, 'authority' | 'scopes' | 'tenantId'> {
  authority: string;
  scopes: string[];
}

export interface ViewerSettings {
  archives: ArchiveSettings[];
  /** What was changed against the file and why; one sentence each, for the console. */
  notes: string[];
  /** Empty when everything may start; else nothing does. */
  problems: SettingProblem[];
}
