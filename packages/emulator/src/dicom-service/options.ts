import type { Role } from '../authorization/access.ts';
import type { IdentitySettings } from '../authorization/access-token.ts';
import { EmulatorStartError } from '../emulator-start-error.ts';
import { isLoopback } from '../http/listen.ts';

/** Port unless another is given. */
export const DEFAULT_DICOM_PORT = 8080;

/** Settings of {@link startDicomService}. */
export interface DicomServiceOptions {
  /** TCP port; 0 takes any free one. Default {@link DEFAULT_DICOM_PORT}. */
  port?: number;
  /** Address to bind. Default `127.0.0.1`. */
  host?: string;
  /** Folder of the Part 10 files; made when it is not there. */
  dataDir: string;
  /**
   * - `none`: every request may do everything.
   * - `claims`: a bearer access token with the right audience and lifetime; its signature and
   *   issuer are **not** checked.
   * - `signature`: all of them are checked.
   */
  auth: 'none' | 'claims' | 'signature';
  /** Who issues access tokens. Needed unless `auth` is `none`. */
  identity?: IdentitySettings;
  /**
   * The role of a caller, by the claims of the access token: Azure decides by object id (`oid`),
   * so callers of this function should too. `undefined` permits nothing. Default: the claim
   * `xms_emulator_role`, `owner` or `reader`.
   */
  roleOf?: (claims: Record<string, unknown>) => Role | undefined;
  /** HS256 secret of share tokens like Orthanc's, accepted for search and retrieve of their studies. */
  shareTokenSecret?: string;
  /** Origins whose pages may use the service. Default `['*']`. */
  corsOrigins?: string[];
  /** Milliseconds by which each DICOM request is delayed. Default 0. */
  latencyMs?: number;
  /**
   * `open-source` (default) does as the published source does. `hosted` does as the hosted
   * service's documents say where they differ: Implicit VR is refused, and a bare wildcard
   * `Accept` retrieves studies and series.
   */
  profile?: 'hosted' | 'open-source';
  /** Serve `/_test/*`. Loopback addresses only. Default `false`. */
  testHooks?: boolean;
  /** The clock: milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

/** All options, the defaults filled in. */
export type CompleteOptions = DicomServiceOptions &
  Required<
    Pick<
      DicomServiceOptions,
      'port' | 'host' | 'corsOrigins' | 'latencyMs' | 'profile' | 'testHooks' | 'now'
    >
  >;

/** Fills the defaults in. @throws {EmulatorStartError} ERR_EMULATOR_OPTION */
export function completeOptions(options: DicomServiceOptions): CompleteOptions {
  const complete: CompleteOptions = {
    ...options,
    port: options.port ?? DEFAULT_DICOM_PORT,
    host: options.host ?? '127.0.0.1',
    corsOrigins: options.corsOrigins ?? ['*'],
    latencyMs: options.latencyMs ?? 0,
    profile: options.profile ?? 'open-source',
    testHooks: options.testHooks ?? false,
    now: options.now ?? Date.now,
  };
  if (!['none', 'claims', 'signature'].includes(options.auth)) {
    throw wrong(`The option auth must be none, claims or signature, not '${options.auth}'.`);
  }
  if (options.auth !== 'none' && !options.identity) {
    throw wrong(`The option identity is needed when auth is ${options.auth}.`);
  }
  if (options.identity && !URL.canParse(options.identity.jwksUri)) {
    throw wrong('The option identity.jwksUri must be an absolute URL.');
  }
  if (!Number.isFinite(complete.latencyMs) || complete.latencyMs < 0) {
    throw wrong('The option latencyMs must be a number of milliseconds of at least 0.');
  }
  if (!['hosted', 'open-source'].includes(complete.profile)) {
    throw wrong(`The option profile must be hosted or open-source, not '${complete.profile}'.`);
  }
  if (complete.testHooks && !isLoopback(complete.host)) {
    throw wrong(
      `The option testHooks is for loopback addresses only, and host is ${complete.host}. Use 127.0.0.1, or leave the test hooks out.`
    );
  }
  return complete;
}

const wrong = (message: string) => new EmulatorStartError('ERR_EMULATOR_OPTION', message);
