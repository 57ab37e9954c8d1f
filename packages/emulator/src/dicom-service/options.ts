import type { Role } from '../authorization/access.ts';
import type { IdentitySettings } from '../authorization/access-token.ts';
import { EmulatorStartError } from '../emulator-start-error.ts';
import { isLoopback } from '../http/listen.ts';

/** Port unless another is given. */
export const DEFAULT_DICOM_PORT = 8080;

/** Bytes of a Store request unless another limit is given. [reference 6] */
export const MAX_STORE_BYTES = { hosted: 4_294_967_296, 'open-source': 2_147_483_647 } as const;

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
   * Whose rules are followed where the sources differ. `hosted` (default) does as the hosted
   * service's documents say: Implicit VR is refused, a bare wildcard `Accept` retrieves studies
   * and series, `PUT` stores in place of what is there, studies may expire, and a Store request
   * may have 4 GB. `open-source` does as the published source does.
   */
  profile?: 'hosted' | 'open-source';
  /** Data partitions: all data lie below `/partitions/{name}`. Default `false`. */
  partitions?: boolean;
  /**
   * Bytes which a Store request, and each of its parts, may have. Default 4294967296 in the profile
   * `hosted`, 2147483647 in `open-source`.
   */
  maxStoreBytes?: number;
  /** Milliseconds between the acceptance of a long-running operation and its beginning. Default 0. */
  operationDelayMs?: number;
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
      | 'port'
      | 'host'
      | 'corsOrigins'
      | 'latencyMs'
      | 'profile'
      | 'partitions'
      | 'maxStoreBytes'
      | 'operationDelayMs'
      | 'testHooks'
      | 'now'
    >
  >;

/** Fills the defaults in. @throws {EmulatorStartError} ERR_EMULATOR_OPTION */
export function completeOptions(options: DicomServiceOptions): CompleteOptions {
  const profile = options.profile ?? 'hosted';
  const complete: CompleteOptions = {
    ...options,
    port: options.port ?? DEFAULT_DICOM_PORT,
    host: options.host ?? '127.0.0.1',
    corsOrigins: options.corsOrigins ?? ['*'],
    latencyMs: options.latencyMs ?? 0,
    profile,
    partitions: options.partitions ?? false,
    maxStoreBytes: options.maxStoreBytes ?? MAX_STORE_BYTES[profile],
    operationDelayMs: options.operationDelayMs ?? 0,
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
  if (!['hosted', 'open-source'].includes(profile)) {
    throw wrong(`The option profile must be hosted or open-source, not '${profile}'.`);
  }
  if (!Number.isInteger(complete.maxStoreBytes) || complete.maxStoreBytes < 1) {
    throw wrong('The option maxStoreBytes must be a whole number of bytes of at least 1.');
  }
  if (!Number.isFinite(complete.operationDelayMs) || complete.operationDelayMs < 0) {
    throw wrong('The option operationDelayMs must be a number of milliseconds of at least 0.');
  }
  if (complete.testHooks && !isLoopback(complete.host)) {
    throw wrong(
      `The option testHooks is for loopback addresses only, and host is ${complete.host}. Use 127.0.0.1, or leave the test hooks out.`
    );
  }
  return complete;
}

const wrong = (message: string) => new EmulatorStartError('ERR_EMULATOR_OPTION', message);
