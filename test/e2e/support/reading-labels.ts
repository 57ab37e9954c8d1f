import type { Label } from './reading-kitchen.ts';

/** The studies of the reading tests. */
export const READING_STUDIES = ['kinds', 'objects', 'syntaxes', 'files', 'not shown'] as const;
export type ReadingStudy = (typeof READING_STUDIES)[number];

export function studyUIDOf(study: ReadingStudy): string {
  return `2.25.7700.${READING_STUDIES.indexOf(study) + 1}`;
}

/** What the row at that place of a study's rows is called in the archive. */
export function labelOf(study: ReadingStudy, at: number): Omit<Label, 'description'> {
  const seriesInstanceUID = `${studyUIDOf(study)}.${at + 1}`;
  return {
    studyInstanceUID: studyUIDOf(study),
    seriesInstanceUID,
    sopInstanceUID: `${seriesInstanceUID}.1`,
    seriesNumber: at + 1,
  };
}
