import { checkPixelData, readHeader, withFile } from '../part10/part10-file.ts';
import { Part10FormatError } from '../part10/part10-reader.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { asciiValue } from '../part10/data-set.ts';
import type { InstanceStore } from '../storage/instance-store.ts';
import type { ApiVersion } from '../storage/stored-instance.ts';
import { identifierOf } from '../storage/stored-instance.ts';
import type { InstanceIdentifier } from '../storage/stored-instance.ts';
import { validateForStore } from '../validation/store-validation.ts';

/** Codes of FailureReason (0008,1197). [reference 1.4] */
export const FAILURE = {
  processing: 272,
  validation: 43264,
  alreadyExists: 45070,
  beingCreated: 45071,
} as const;

/** Codes of WarningReason (0008,1196). [reference 1.4] */
export const WARNING = { implicitVr: 45063, validation: 1 } as const;

/** What became of one instance. */
export interface PartOutcome {
  /** Absent when the bytes are no Part 10 file. */
  instance?: InstanceIdentifier & { sopClassUID: string };
  failureReason?: number;
  warningReason?: number;
  /** `DICOM100: ...` */
  comments: string[];
  multipleValues: boolean;
}

/** What applies to a Store request. */
export interface StoreRules {
  version: ApiVersion;
  profile: 'hosted' | 'open-source';
  /** The study named in the path. */
  studyInstanceUID?: string;
}

/** Validates a temporary file and keeps it as an instance. Never throws for what the file holds. */
export async function storePart(
  store: InstanceStore,
  temporaryPath: string,
  rules: StoreRules
): Promise<PartOutcome> {
  const header = await readWhole(temporaryPath);
  if (!header) {
    return { failureReason: FAILURE.validation, comments: [], multipleValues: false };
  }
  const instance = { ...identifierOf(header), sopClassUID: asciiValue(header.dataSet, '00080016') };
  const { version, profile, studyInstanceUID } = rules;
  const validation = validateForStore(header, version, studyInstanceUID);
  const { comments, implicitVr, multipleValues } = validation;
  if (validation.rejected) {
    return { instance, failureReason: FAILURE.validation, comments, multipleValues };
  }
  if (implicitVr && profile === 'hosted') {
    // Hosted documents: only Transfer Syntaxes with explicit VRs are accepted. [reference 1.6]
    return { instance, failureReason: FAILURE.validation, comments: [], multipleValues };
  }
  const failureReason = await keep(store, temporaryPath, header, version);
  if (failureReason !== undefined) {
    return { instance, failureReason, comments: [], multipleValues };
  }
  const warned = version === 2 && comments.length > 0 ? WARNING.validation : undefined;
  return {
    instance,
    warningReason: implicitVr ? WARNING.implicitVr : warned,
    comments,
    multipleValues,
  };
}

async function readWhole(path: string): Promise<Part10Header | undefined> {
  try {
    return await withFile(path, async file => {
      const header = await readHeader(file);
      await checkPixelData(file, header);
      return header;
    });
  } catch (error) {
    if (error instanceof Part10FormatError) return undefined;
    throw error;
  }
}

async function keep(
  store: InstanceStore,
  temporaryPath: string,
  header: Part10Header,
  version: ApiVersion
): Promise<number | undefined> {
  try {
    const outcome = await store.add(temporaryPath, header, version);
    if (outcome === 'alreadyStored') return FAILURE.alreadyExists;
    return outcome === 'beingStored' ? FAILURE.beingCreated : undefined;
  } catch {
    // A full disk and the like: this instance failed, others may not. [reference 1.4, 272]
    return FAILURE.processing;
  }
}
