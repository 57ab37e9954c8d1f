import { badRequest } from '../http/service-error.ts';
import { attributeOfKeyword, attributeOfTag, isPrivate } from '../part10/dictionary.ts';

/** The tag of a keyword or of eight hex digits, standard or private. [reference 2.2] */
export function tagOf(name: string): string | undefined {
  const attribute = attributeOfKeyword(name);
  if (attribute) return attribute.tag;
  if (!/^[0-9A-Fa-f]{8}$/.test(name)) return undefined;
  const tag = name.toUpperCase();
  return isPrivate(tag) || attributeOfTag(tag) ? tag : undefined;
}

/**
 * The tag of one attribute.
 *
 * @returns `undefined` when there is none.
 * @throws {ServiceError} 400 for a path into a sequence. [source DicomTagParser]
 */
export function singleTagOf(name: string): string | undefined {
  if (name.trim() === '') return undefined;
  if (name.includes('.')) {
    throw badRequest(
      `Dicom element '${name}' failed validation for VR 'SQ': Sequential dicom tags are currently not supported.`
    );
  }
  return tagOf(name);
}

/** The name of an attribute in messages: its keyword, or a private one's tag. */
export function nameOfTag(tag: string): string {
  return isPrivate(tag) ? tag : (attributeOfTag(tag)?.keyword ?? tag);
}

/** The VR of a standard attribute, the first where PS3.6 has several. */
export function vrOfTag(tag: string): string | undefined {
  const vr = isPrivate(tag) ? undefined : attributeOfTag(tag)?.vr;
  const [first] = vr === undefined ? [] : vrsOf(vr);
  return first;
}

/** The VRs which PS3.6 permits for an attribute of dcmjs' notation. */
export function vrsOf(vr: string): string[] {
  switch (vr) {
    case 'ox':
      return ['OB', 'OW'];
    case 'xs':
      return ['US', 'SS'];
    case 'lt':
      return ['US', 'OW'];
    case 'up':
      return ['UL'];
    default:
      return [vr];
  }
}
