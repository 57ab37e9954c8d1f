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
  /** Audience an access token must have; undefined where the archive does not say. */
  audience?: string;
  signIn?: ResolvedSignIn;
  shareTokens: ShareTokenSettings;
  report: ReportSettings;
  /** Settings of the stock DICOMweb data source, handed on unchanged. */
  stock: Record<string, unknown>;
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
