import { randomBytes } from 'node:crypto';
import path from 'node:path';
import {
  ACCOUNTS,
  createShareToken,
  SEED_STUDIES,
  startDicomService,
  startIdentityProvider,
  type RunningDicomService,
} from '@ohif-azure/emulator';
import { isLoopback } from '@ohif-azure/core/settings';
import { UsageError } from '../usage-error.ts';
import { checkDataFolder } from './data-folder.ts';
import { localViewerConfig } from './local-viewer-config.ts';
import { viewerFiles } from './viewer-files.ts';
import { startViewerServer } from './viewer-server.ts';

/** The flags of `ohif-azure dev`; defaults in commands/dev.ts. */
export interface LocalStackOptions {
  viewerPort: number;
  dicomPort: number;
  identityPort: number;
  host: string;
  data: string;
  import?: string;
  seed: boolean;
  viewer?: string;
  accessTokenSeconds: number;
  latencyMs: number;
  testHooks: boolean;
}

export interface LocalStack {
  /** Origin of the viewer. */
  viewer: string;
  /** DICOMweb root, version 2. */
  dicom: string;
  /** Authority of the identity provider. */
  identity: string;
  /** What a person wants to know, for the console. */
  notes: string[];
  close(): Promise<void>;
}

/** How long the printed share link works. */
const SHARE_LINK_SECONDS = 8 * 3600;

/**
 * Starts viewer, identity provider and DICOM service, and stores the seeded studies.
 *
 * @throws {UsageError} a missing build or viewer; {EmulatorStartError} a port in use, a data folder that cannot
 *   be written. What was started before is closed again.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { host, testHooks, data } = options;
  if (testHooks && !isLoopback(host)) {
    throw new UsageError(`--test-hooks needs a loopback address, --host is ${host}.`);
  }
  const files = viewerFiles(options.viewer);
  await checkDataFolder(data);
  const running: { close(): Promise<void> }[] = [];
  const started = async <T extends { close(): Promise<void> }>(
    starting: Promise<T>
  ): Promise<T> => {
    const part = await starting;
    running.unshift(part);
    return part;
  };
  const close = async () => {
    await Promise.all(running.splice(0).map(part => part.close()));
  };

  try {
    // The viewer listens first: the provider has to know its origin, and it is told where the others are.
    const viewer = await started(startViewerServer({ ...files, host, port: options.viewerPort }));
    const identity = await started(
      startIdentityProvider({
        host,
        port: options.identityPort,
        viewerOrigins: [viewer.origin],
        accessTokenSeconds: options.accessTokenSeconds,
        dataDir: path.join(data, 'identity'),
        testHooks,
      })
    );
    const shareTokenSecret = randomBytes(32).toString('base64url');
    const dicom = await started(
      startDicomService({
        host,
        port: options.dicomPort,
        dataDir: path.join(data, 'dicom'),
        auth: 'signature',
        identity: {
          issuers: [identity.issuer],
          jwksUri: identity.jwksUri,
          audience: identity.audience,
          authority: identity.authority,
        },
        roleOf: identity.roleOf,
        shareTokenSecret,
        latencyMs: options.latencyMs,
        testHooks,
      })
    );
    viewer.setConfig(
      localViewerConfig(files.template, { service: dicom.url, authority: identity.authority })
    );
    const notes = await storeStudies(dicom, options);
    const link = await shareLink(viewer.origin, shareTokenSecret, options.seed);
    return {
      viewer: viewer.origin,
      dicom: `${dicom.url}/v2`,
      identity: identity.authority,
      notes: [
        ...notes,
        `Sign in as ${ACCOUNTS.map(({ username }) => username).join(', ')} (password = name).`,
        ...link,
        ...(isLoopback(host)
          ? []
          : ['Other machines can look, but not sign in: browsers allow sign-in over https only.']),
      ],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function storeStudies(
  dicom: RunningDicomService,
  { seed, import: folder }: LocalStackOptions
): Promise<string[]> {
  const notes: string[] = [];
  if (seed) {
    for (const study of SEED_STUDIES) {
      for (const instance of study.instances()) await dicom.storeFile(instance);
    }
  }
  if (folder !== undefined) {
    const { stored, alreadyStored, rejected, notDicom } = await dicom
      .importFolder(folder)
      .catch((error: NodeJS.ErrnoException) => {
        throw new UsageError(`--import ${folder} cannot be read (${error.code ?? error.message}).`);
      });
    notes.push(
      `Imported ${folder}: ${stored} stored, ${alreadyStored} already stored, ` +
        `${rejected.length} rejected, ${notDicom} other files.`,
      ...rejected.map(({ file, reason }) => `  rejected ${file}: ${reason}`)
    );
  }
  return [`${dicom.instanceCount()} instances in the archive.`, ...notes];
}

async function shareLink(viewer: string, secret: string, hasSeed: boolean): Promise<string[]> {
  const [study] = SEED_STUDIES;
  if (!hasSeed || !study) return [];
  const { studyInstanceUID, description } = study;
  const token = await createShareToken({
    secret,
    studyInstanceUID,
    validitySeconds: SHARE_LINK_SECONDS,
  });
  return [
    `Link to view “${description}”, read only, for ${SHARE_LINK_SECONDS / 3600} hours:`,
    `  ${viewer}/viewer?StudyInstanceUIDs=${studyInstanceUID}&token=${token}`,
  ];
}
