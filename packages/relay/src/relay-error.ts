import type { Retry } from '@ohif-azure/core';
import { ProjectError } from '@ohif-azure/core';
import { formatProblem, type SettingProblem } from '@ohif-azure/core/settings';

/**
 * The codes of {@link RelayError}:
 * - `ERR_RELAY_SETTINGS`: settings are missing or wrong; `problems` lists all of them;
 * - `ERR_RELAY_LISTEN`: the address or the port cannot be listened on.
 */
export type RelayErrorCode = 'ERR_RELAY_SETTINGS' | 'ERR_RELAY_LISTEN';

/** The relay did not start. Both codes are `permanent`: something on this machine has to change first. */
export class RelayError extends ProjectError {
  readonly code: RelayErrorCode;
  readonly retry: Retry = 'permanent';
  /** Every mistake in the settings, each with its name; empty for `ERR_RELAY_LISTEN`. Never holds a secret. */
  readonly problems: readonly SettingProblem[];

  constructor(
    code: RelayErrorCode,
    message: string,
    options: ErrorOptions & { readonly problems?: readonly SettingProblem[] } = {}
  ) {
    super(message, options);
    this.code = code;
    this.problems = options.problems ?? [];
  }
}

/** The error for all mistakes at once, one a line. */
export function settingsError(problems: readonly SettingProblem[]): RelayError {
  const lines = problems.map(problem => `  ${formatProblem(problem)}`);
  return new RelayError(
    'ERR_RELAY_SETTINGS',
    ['The relay cannot start with these settings:', ...lines].join('\n'),
    { problems }
  );
}
