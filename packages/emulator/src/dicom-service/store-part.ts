import { Part10FormatError } from '../part10/part10-reader.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { asciiValue } from '../part10/data-set.ts';
import type { Archive } from '../archive/archive.ts';
import type { Partition } from '../archive/partitions.ts';
import { readReceivedHeader } from '../storage/received-files.ts';
import { isDiskFailure } from '../storage/disk-failure.ts';
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
  /** The disk is full or fails: not the instance's fault. */
  diskFailed?: boolean;
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
  /** An instance which is there is replaced, rather than refused. */
  upsert?: boolean;
}

/** Where instances are kept. */
export interface StoreTarget {
  archive: Archive;
  partition: Partition;
}

/** Validates a temporary file and keeps it as an instance. Never throws for what the file holds. */
export async function storePart(
  target: StoreTarget,
  temporaryPath: string,
  rules: StoreRules
): Promise<PartOutcome> {
  const checked = await checkPart(target, temporaryPath, rules);
  return 'keep' in checked ? checked.keep() : checked;
}

/** A temporary file which passed the validation. */
export interface CheckedPart {
  /** The same for the same instance. */
  key: string;
  /** Keeps it as an instance. Never rejects. */
  keep: () => Promise<PartOutcome>;
}

/** Validates a temporary file; the outcome comes back when it is not to be kept. @see storePart */
export async function checkPart(
  target: StoreTarget,
  temporaryPath: string,
  rules: StoreRules
): Promise<PartOutcome | CheckedPart> {
  const header = await readWhole(temporaryPath);
  if (!header) {
    return { failureReason: FAILURE.validation, comments: [], multipleValues: false };
  }
  const instance = { ...identifierOf(header), sopClassUID: asciiValue(header.dataSet, '00080016') };
  const { version, profile, studyInstanceUID } = rules;
  const validation = validateForStore(
    header,
    version,
    studyInstanceUID,
    target.archive.tags.list()
  );
  const { comments, implicitVr, multipleValues } = validation;
  if (validation.rejected) {
    return { instance, failureReason: FAILURE.validation, comments, multipleValues };
  }
  if (implicitVr && profile === 'hosted') {
    // Hosted documents: only Transfer Syntaxes with explicit VRs are accepted. [reference 1.6]
    return { instance, failureReason: FAILURE.validation, comments: [], multipleValues };
  }
  const warned = version === 2 && comments.length > 0 ? WARNING.validation : undefined;
  const warningReason = implicitVr ? WARNING.implicitVr : warned;
  const { studyInstanceUID: study, seriesInstanceUID, sopInstanceUID } = instance;
  return {
    key: `${study}/${seriesInstanceUID}/${sopInstanceUID}`,
    async keep() {
      const { failureReason, diskFailed } = await keep(target, temporaryPath, header, rules);
      return failureReason === undefined
        ? { instance, warningReason, comments, multipleValues }
        : { instance, failureReason, diskFailed, comments: [], multipleValues };
    },
  };
}

async function readWhole(path: string): Promise<Part10Header | undefined> {
  try {
    return await readReceivedHeader(path);
  } catch (error) {
    if (error instanceof Part10FormatError) return undefined;
    throw error;
  }
}

async function keep(
  { archive, partition }: StoreTarget,
  temporaryPath: string,
  header: Part10Header,
  { version, upsert }: StoreRules
): Promise<Pick<PartOutcome, 'failureReason' | 'diskFailed'>> {
  try {
    const outcome = await archive.add(partition, temporaryPath, header, version, {
      replace: upsert,
    });
    if (outcome === 'alreadyStored') return { failureReason: FAILURE.alreadyExists };
    return outcome === 'beingStored' ? { failureReason: FAILURE.beingCreated } : {};
  } catch (error) {
    // A full disk and the like: this instance failed, others may not. [reference 1.4, 272]
    return { failureReason: FAILURE.processing, diskFailed: isDiskFailure(error) };
  }
}
