import { isDicomJson, type DicomJson } from '../dicom-json.ts';

/** The data sets of a DICOM JSON array; undefined when the text is none. */
export function itemsOrNone(text: string): DicomJson[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isDicomJson) : undefined;
  } catch {
    return undefined;
  }
}
