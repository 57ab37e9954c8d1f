/** An attribute which may be a private one. */
export interface NamedAttribute {
  /** Eight upper-case hex digits. */
  path: string;
  /** Who reserved the block of a private attribute. */
  privateCreator?: string;
}

const FIRST_BLOCK = 0x10;
const LAST_BLOCK = 0xff;

/**
 * The tag under which a data set has an attribute. A private attribute (gggg,bbee) is there when
 * the private creator (gggg,00bb) of that data set is the attribute's; one given as (gggg,00ee),
 * without a block, is in the block which its creator reserved there.
 *
 * @param creatorAt - the value of a private creator element, if the data set has it.
 * @returns `undefined` when the data set cannot have it.
 * @see PS3.5 section 7.8.1; fo-dicom 5.1.2 DicomDataset.GetPrivateTag and DicomTag.CompareTo, by
 *   which the service finds values
 */
export function tagInDataSet(
  { path, privateCreator }: NamedAttribute,
  creatorAt: (tag: string) => string | undefined
): string | undefined {
  if (privateCreator === undefined) return path;
  const group = path.slice(0, 4);
  const block = path.slice(4, 6);
  if (block !== '00') return creatorAt(`${group}00${block}`) === privateCreator ? path : undefined;
  for (let number = FIRST_BLOCK; number <= LAST_BLOCK; number += 1) {
    const reserved = number.toString(16).toUpperCase();
    if (creatorAt(`${group}00${reserved}`) === privateCreator) {
      return `${group}${reserved}${path.slice(6)}`;
    }
  }
  return undefined;
}
