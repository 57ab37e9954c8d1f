import { tagInDataSet } from '../part10/private-tags.ts';
import type { NamedAttribute } from '../part10/private-tags.ts';
import { decodingOf } from '../part10/dicom-json.ts';
import { findElement } from '../part10/data-set.ts';
import type { DataSet } from '../part10/data-set.ts';
import { attributeOfTag, isPrivate } from '../part10/dictionary.ts';
import { rawStrings, withoutPadding } from '../part10/element-values.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { IMPLICIT_VR_LITTLE_ENDIAN } from '../part10/transfer-syntax.ts';
import { INDEXED_TAGS } from '../storage/stored-instance.ts';
import type { ApiVersion } from '../storage/stored-instance.ts';
import { minimumRule } from './minimum-rules.ts';
import { REQUIRED_TAGS, tagText, validationWarnings } from './warnings.ts';

/** What Store thinks of a data set. */
export interface StoreValidation {
  /** The instance must be refused with FailureReason 43264. */
  rejected: boolean;
  /** `DICOM100: (gggg,eeee) - ...`, the first message of each tag. */
  comments: string[];
  /** The data set is in Implicit VR: WarningReason 45063. */
  implicitVr: boolean;
  /** An indexed attribute (v1) or a required one (v2) has several values: HTTP Warning header. */
  multipleValues: boolean;
}

const INDEXED = Object.values(INDEXED_TAGS).flat();
const REQUIRED_UIDS = REQUIRED_TAGS.filter(tag => tag !== '00100020');

/**
 * Validates a data set as Store does.
 *
 * @param pathStudyInstanceUID - the study named in the request's path, if any.
 * @param extendedTags - the extended query tags, which v1 validates too.
 * @see reference 1.5
 */
export function validateForStore(
  header: Part10Header,
  version: ApiVersion,
  pathStudyInstanceUID?: string,
  extendedTags: readonly NamedAttribute[] = []
): StoreValidation {
  const messages = new Map<string, string>();
  const add = (tag: string, message: string) => {
    if (!messages.has(tag)) messages.set(tag, message);
  };
  const fault = requiredTagFault(header, version, pathStudyInstanceUID);
  if (fault) add(fault.tag, fault.message);

  const lenient = version === 2;
  const checked = lenient ? REQUIRED_TAGS : [...INDEXED, ...presentTags(header, extendedTags)];
  for (const tag of checked) {
    const message = minimumFault(header, tag, lenient);
    if (message) add(tag, message);
  }
  const rejected = messages.size > 0;
  if (lenient) {
    for (const warning of validationWarnings(header)) add(warning.element.tag, warning.message);
  }
  return {
    rejected,
    comments: [...messages].map(([tag, message]) => `DICOM100: ${tagText(tag)} - ${message}`),
    implicitVr: header.transferSyntaxUID === IMPLICIT_VR_LITTLE_ENDIAN,
    multipleValues: checked.some(tag => stringsOf(header.dataSet, tag).length > 1),
  };
}

/** Under which tags a data set has attributes: of private ones only those of their creators. */
function presentTags({ dataSet }: Part10Header, attributes: readonly NamedAttribute[]): string[] {
  const creatorAt = (tag: string) => singleValue(dataSet, tag);
  return attributes.flatMap(attribute => tagInDataSet(attribute, creatorAt) ?? []);
}

function requiredTagFault(
  { dataSet }: Part10Header,
  version: ApiVersion,
  pathStudyInstanceUID: string | undefined
): { tag: string; message: string } | undefined {
  const missing = (tag: string) => ({
    tag,
    message: `The required tag '${tagText(tag)}' is missing.`,
  });
  for (const tag of REQUIRED_UIDS) {
    if (!singleValue(dataSet, tag)) return missing(tag);
  }
  const studyInstanceUID = singleValue(dataSet, '0020000D');
  if (
    pathStudyInstanceUID !== undefined &&
    studyInstanceUID !== withoutPadding(pathStudyInstanceUID)
  ) {
    return {
      tag: '0020000D',
      message: 'The StudyInstanceUid in the payload does not match the specified StudyInstanceUid.',
    };
  }
  const patientID = findElement(dataSet, '00100020');
  if (!patientID || (version === 1 && !singleValue(dataSet, '00100020'))) {
    return missing('00100020');
  }
  return undefined;
}

function minimumFault(
  { dataSet }: Part10Header,
  tag: string,
  lenient: boolean
): string | undefined {
  const element = findElement(dataSet, tag);
  const [first] = stringsOf(dataSet, tag);
  if (!element || first === undefined) return undefined;
  const unpadded = lenient ? first.replace(/\0+$/, '') : first;
  const fault = minimumRule(element.vr, trimForRule(unpadded, element.vr));
  if (!fault) return undefined;
  const name = isPrivate(tag) ? tag : (attributeOfTag(tag)?.keyword ?? tag);
  return `Dicom element '${name}' failed validation for VR '${element.vr}': ${fault}`;
}

/** A single trailing NUL is what PS3.5 section 9.1 pads UIDs of odd length with. */
function trimForRule(value: string, vr: string): string {
  return (vr === 'UI' ? value.replace(/\0$/, '') : value).replace(/ +$/, '');
}

function singleValue(dataSet: DataSet, tag: string): string {
  const values = stringsOf(dataSet, tag);
  return values.length === 1 ? withoutPadding(values[0] ?? '') : '';
}

function stringsOf(dataSet: DataSet, tag: string): string[] {
  const element = findElement(dataSet, tag);
  return element ? rawStrings(element, decodingOf(dataSet)) : [];
}
