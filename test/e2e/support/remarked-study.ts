import { CT } from './studies.ts';

/** A study like the seeded CT, but with an empty Patient ID: version 2 of the service stores what is of it, with a remark. */
export const REMARKED = `${CT.slice(0, -3)}777`;

/** Text of the same length, so that no length in the file changes. */
export function replaced(file: Uint8Array, from: string, to: string): Uint8Array {
  if (from.length !== to.length) throw new Error('The texts differ in length.');
  const text = Buffer.from(file).toString('latin1');
  return Buffer.from(text.replaceAll(from, to), 'latin1');
}

/** @param file - an instance of the CT study @param patientID - its Patient ID */
export function remarkedOn(
  file: Uint8Array,
  sopInstanceUID: string,
  patientID: string
): Uint8Array {
  const other = `${sopInstanceUID.slice(0, -3)}777`;
  const moved = replaced(replaced(file, CT, REMARKED), sopInstanceUID, other);
  return replaced(moved, patientID, ' '.repeat(patientID.length));
}
