import type { ReportSettings } from '@ohif-azure/core/settings';
import type { NaturalizedDataset } from '../ohif.ts';

/** PS3.5 A.2. The service warns about Implicit VR, or refuses it (conformance statement v2, Store). */
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
/** DCM 121008, TID 1003 "Person Observer Identifying Attributes" (PS3.16). */
const PERSON_OBSERVER_NAME = '121008';
/** Longest component group of a PN (PS3.5 6.2). */
const MAX_PERSON_NAME = 64;

/** Who saves, and what the study says of itself. */
export interface ReportContext {
  /** The account's display name; undefined leaves the observer as the viewer wrote it. */
  observer?: string;
  /** Study Description (0008,1030) of the study's images. */
  studyDescription?: string;
}

/**
 * Makes the viewer's report say who made it, with what, and for what use, in Explicit VR. The viewer itself
 * writes `unknown^unknown`, RESEARCH and "NOT FOR CLINICAL USE". Changes `dataset`.
 */
export function prepareReport(
  dataset: NaturalizedDataset,
  settings: ReportSettings,
  { observer, studyDescription }: ReportContext
): void {
  describeFile(dataset);
  // The service shows a study's attributes as its newest instance has them: without its description, the
  // report would take the study's description out of the work list (AddInstanceV6.sql, "latest wins").
  if (studyDescription) dataset.StudyDescription ??= studyDescription;
  dataset.Manufacturer = settings.manufacturer;
  if (settings.institutionName) dataset.InstitutionName = settings.institutionName;
  if (dataset.Modality !== 'SR') return;
  dataset.ContentQualification = settings.contentQualification;
  // Not an attribute of SR documents (PS3.3 A.35), and not true of a report.
  delete dataset.ImageComments;
  if (observer && settings.observer === 'account') {
    setPersonObserver(dataset.ContentSequence, personName(observer));
  }
}

/** A display name as a PN of one component: blanks stay, the delimiters of PN go. */
export function personName(displayName: string): string {
  return displayName
    .replace(/[\\^=\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_PERSON_NAME);
}

function describeFile(dataset: NaturalizedDataset) {
  const meta = dataset._meta ?? {};
  const current = (meta.TransferSyntaxUID as { Value?: unknown[] } | undefined)?.Value?.[0];
  const isImplicit = current === undefined || current === IMPLICIT_VR_LITTLE_ENDIAN;
  dataset._meta = {
    ...meta,
    // PS3.10 7.1: 00H 01H. The viewer's adapters write 00H 02H.
    FileMetaInformationVersion: { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
    TransferSyntaxUID: { vr: 'UI', Value: [isImplicit ? EXPLICIT_VR_LITTLE_ENDIAN : current] },
  };
}

function setPersonObserver(sequence: unknown, name: string) {
  for (const item of items(sequence)) {
    const concept = items(item.ConceptNameCodeSequence)[0];
    if (item.ValueType === 'PNAME' && concept?.CodeValue === PERSON_OBSERVER_NAME) {
      item.PersonName = [{ Alphabetic: name }];
    }
  }
}

/** A sequence of one item is the item itself in dcmjs. */
function items(sequence: unknown): Record<string, unknown>[] {
  if (Array.isArray(sequence)) return sequence as Record<string, unknown>[];
  return typeof sequence === 'object' && sequence !== null
    ? [sequence as Record<string, unknown>]
    : [];
}
