import type { ReasonText } from './reasons.ts';

/** What can become of an instance without a FailureReason that says so. */
export type Situation =
  | 'nothingStored'
  | 'notListed'
  | 'lineLost'
  | 'sameUIDOtherObject'
  | 'sameUIDElsewhere'
  | 'failedWithoutReason'
  | 'notSettled';

const SITUATIONS: Readonly<Record<Situation, ReasonText>> = {
  nothingStored: {
    name: 'No content',
    meaning: 'The server answered that it received nothing to store.',
    remedy: 'Try again. If it fails again, pass the details to your support.',
    source: 'Azure DICOM service conformance statement v2, Store 204',
    retry: 'transient',
  },
  notListed: {
    name: 'Not stored',
    meaning: 'The server did not say what became of the object, and it does not have it.',
    remedy: 'Try again. If it fails again, pass the details to your support.',
    source: 'asked of the server (PS3.18 10.4)',
    retry: 'transient',
  },
  lineLost: {
    name: 'Not stored',
    meaning:
      'The connection or the server failed on the way, and the server does not have the object.',
    remedy: 'Try again.',
    source: 'asked of the server (PS3.18 10.4)',
    retry: 'transient',
  },
  sameUIDOtherObject: {
    name: 'Another object has the same UID',
    meaning: 'The server has another object with the same UID, so this one was not stored.',
    remedy: 'Save it as a new object, with a new UID.',
    source: 'asked of the server (PS3.18 10.4)',
    retry: 'permanent',
  },
  sameUIDElsewhere: {
    name: 'Another object has the same UID',
    meaning:
      'The server says that it has an object with the same UID, but not in this series; another object has the same UID, so this one was not stored.',
    remedy: 'Save it as a new object, with a new UID.',
    source: 'asked of the server (PS3.18 10.4)',
    retry: 'permanent',
  },
  failedWithoutReason: {
    name: 'Failed without a reason',
    meaning: 'The server did not store the object and gave no reason.',
    remedy: 'Try again. If it fails again, pass the details to your support.',
    source: 'PS3.18 10.5.3',
    retry: 'permanent',
  },
  notSettled: {
    name: 'Not known',
    meaning:
      'It is not known whether the server stored the object, and the server could not be asked.',
    remedy:
      'Keep it, and save it again when the server can be reached: it will not be stored twice.',
    source: 'asked of the server (PS3.18 10.4)',
    retry: 'ambiguous',
  },
};

/** A situation in words. */
export function describeSituation(situation: Situation): ReasonText {
  return SITUATIONS[situation];
}
