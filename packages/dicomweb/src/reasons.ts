import type { Retry } from '@ohif-azure/core';

/** A code, or a situation without code, in words that a clinician reads. English. */
export interface ReasonText {
  /** Decimal; absent for a situation that has no code. */
  readonly code?: number;
  /** `0xB00E`. */
  readonly hex?: string;
  /** The name in the source. */
  readonly name: string;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** What to do next, in one sentence. */
  readonly remedy: string;
  /** Where the code is defined. */
  readonly source: string;
  readonly retry: Retry;
}

type Row = Omit<ReasonText, 'code' | 'hex'>;

const PS318_FAILURE = 'PS3.18 Table I.2-2';
const PS318_WARNING = 'PS3.18 Table I.2-1';
const AZURE = 'Azure DICOM service conformance statement v2, Store';

const CORRECT_AND_SAVE =
  'Sending it again unchanged will not help. Keep a copy and pass the details to your support.';

const FAILURES: Readonly<Record<number, Row>> = {
  272: {
    name: 'Processing failure',
    meaning: 'The server had an error of its own and did not store the object.',
    remedy: 'Try again. If it fails again, pass the details to your support.',
    source: `${PS318_FAILURE}; ${AZURE}`,
    retry: 'transient',
  },
  273: {
    name: 'Blob not found',
    meaning: 'The server lost the object while it was being stored.',
    remedy: 'Try again. If it fails again, pass the details to your support.',
    source: 'Azure DICOM service, FailureReasonCodes',
    retry: 'transient',
  },
  288: {
    name: 'Missing attribute',
    meaning: 'The object lacks an attribute that the server requires.',
    remedy: CORRECT_AND_SAVE,
    source: 'PS3.7 C.5.13; Azure DICOM service, FailureReasonCodes',
    retry: 'permanent',
  },
  289: {
    name: 'Missing attribute value',
    meaning: 'The object has an attribute without the value that the server requires.',
    remedy: CORRECT_AND_SAVE,
    source: 'PS3.7 C.5.14; Azure DICOM service, FailureReasonCodes',
    retry: 'permanent',
  },
  290: {
    name: 'Referenced SOP Class not supported',
    meaning: 'The server does not store this kind of object.',
    remedy: 'Ask your support whether the server can be set up for it, or store it elsewhere.',
    source: PS318_FAILURE,
    retry: 'permanent',
  },
  43264: {
    name: 'Validation failure',
    meaning:
      'The server checked the object and refused it: an attribute is missing or invalid, or the object belongs to another study.',
    remedy: CORRECT_AND_SAVE,
    source: AZURE,
    retry: 'permanent',
  },
  43265: {
    name: 'Study Instance UID mismatch',
    meaning: 'The object belongs to another study than the one it was sent for.',
    remedy: CORRECT_AND_SAVE,
    source: AZURE,
    retry: 'permanent',
  },
  45070: {
    name: 'Instance already exists',
    meaning: 'The server already has an object with this identifier and keeps that one.',
    remedy:
      'If this is the same object, nothing is to be done. If it was changed since, save it as a new one.',
    source: AZURE,
    retry: 'permanent',
  },
  45071: {
    name: 'Instance is being created',
    meaning: 'The server is still busy with an earlier attempt to store this object.',
    remedy: 'Wait a minute and try again.',
    source: AZURE,
    retry: 'transient',
  },
  49442: {
    name: 'Referenced Transfer Syntax not supported',
    meaning: 'The server does not store objects with this encoding.',
    remedy: 'Convert the object to another Transfer Syntax and send it again.',
    source: PS318_FAILURE,
    retry: 'permanent',
  },
};

/** Ranges, asked only where no single code fits. First and last code inclusive. */
const FAILURE_RANGES: readonly (readonly [first: number, last: number, row: Row])[] = [
  [
    0xa700,
    0xa7ff,
    {
      name: 'Refused: out of resources',
      meaning: 'The server has no room or no capacity for the object at present.',
      remedy: 'Try again later. If it fails again, pass the details to your support.',
      source: PS318_FAILURE,
      retry: 'transient',
    },
  ],
  [
    0xa900,
    0xa9ff,
    {
      name: 'Error: data set does not match SOP Class',
      meaning: 'The server refused the object because its content does not fit its kind.',
      remedy: CORRECT_AND_SAVE,
      source: PS318_FAILURE,
      retry: 'permanent',
    },
  ],
  [
    0xc000,
    0xcfff,
    {
      name: 'Error: cannot understand',
      meaning: 'The server could not read a part of the object and did not store it.',
      remedy: CORRECT_AND_SAVE,
      source: PS318_FAILURE,
      retry: 'permanent',
    },
  ],
];

const NOTHING_TO_DO = 'The object is stored. Nothing is to be done.';

const WARNINGS: Readonly<Record<number, Row>> = {
  1: {
    name: 'Validation warnings',
    meaning:
      'The object is stored, but the server found attributes that are not valid and leaves these out of its search and metadata.',
    remedy: NOTHING_TO_DO,
    source: AZURE,
    retry: 'permanent',
  },
  45056: {
    name: 'Coercion of data elements',
    meaning: 'The object is stored, and the server changed some of its attributes.',
    remedy: 'Look at the stored object if these attributes matter.',
    source: PS318_WARNING,
    retry: 'permanent',
  },
  45062: {
    name: 'Elements discarded',
    meaning: 'The object is stored, but the server left some of its attributes out.',
    remedy: 'Look at the stored object if these attributes matter.',
    source: PS318_WARNING,
    retry: 'permanent',
  },
  45063: {
    name: 'Data set does not match SOP Class',
    meaning:
      'The object is stored, but the server would like it encoded otherwise (the Azure DICOM service says this of Implicit VR).',
    remedy: NOTHING_TO_DO,
    source: `${PS318_WARNING}; ${AZURE}`,
    retry: 'permanent',
  },
};

/** `0xB00E`: four digits at least. */
export function hexOf(code: number): string {
  return `0x${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** `45070 (0xB00E)`, as codes stand in texts. */
export function formatReasonCode(code: number): string {
  return `${code} (${hexOf(code)})`;
}

function rowOf(table: Readonly<Record<number, Row>>, code: number): Row | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}

/**
 * A FailureReason (0008,1197) in words.
 * @returns also for unknown codes a text, which says that the object was not stored.
 * @see PS3.18 Table I.2-2; Azure DICOM service conformance statement v2
 */
export function describeFailureReason(code: number): ReasonText {
  const row = rowOf(FAILURES, code) ??
    FAILURE_RANGES.find(([first, last]) => code >= first && code <= last)?.[2] ?? {
      name: 'Unknown failure reason',
      meaning: 'The server did not store the object, for a reason that is not known here.',
      remedy: CORRECT_AND_SAVE,
      source: 'not in PS3.18 nor in the Azure DICOM service conformance statement',
      retry: 'permanent' as const,
    };
  return { code, hex: hexOf(code), ...row };
}

/**
 * A WarningReason (0008,1196) in words.
 * @see PS3.18 Table I.2-1; Azure DICOM service conformance statement v2
 */
export function describeWarningReason(code: number): ReasonText {
  const row = rowOf(WARNINGS, code) ?? {
    name: 'Unknown warning reason',
    meaning: 'The object is stored, with a remark that is not known here.',
    remedy: NOTHING_TO_DO,
    source: 'not in PS3.18 nor in the Azure DICOM service conformance statement',
    retry: 'permanent' as const,
  };
  return { code, hex: hexOf(code), ...row };
}

/** All codes with a text of their own, for tables in the documentation. */
export const KNOWN_FAILURE_REASONS: readonly number[] = Object.keys(FAILURES).map(Number);
/** All codes with a text of their own, for tables in the documentation. */
export const KNOWN_WARNING_REASONS: readonly number[] = Object.keys(WARNINGS).map(Number);
