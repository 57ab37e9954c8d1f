import { spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import dcmjs from 'dcmjs';
import { newFolder } from './stack.ts';

/** DCM 121008, "Person Observer Name" (PS3.16 TID 1003). */
const PERSON_OBSERVER_NAME = '121008';

/** What a colleague will read in a report. */
export interface Report {
  transferSyntaxUID: unknown;
  modality: unknown;
  seriesDescription: unknown;
  studyDescription: unknown;
  contentQualification: unknown;
  /** Keywords of all attributes at the top. */
  keywords: string[];
  personObservers: string[];
}

/** Reads a Part 10 file. */
export function readReport(file: Uint8Array): Report {
  const { DicomMessage, DicomMetaDictionary } = dcmjs.data;
  const { meta, dict } = DicomMessage.readFile(file.slice().buffer);
  const dataset = DicomMetaDictionary.naturalizeDataset(dict);
  return {
    transferSyntaxUID: meta['00020010']?.Value?.[0],
    modality: dataset.Modality,
    seriesDescription: dataset.SeriesDescription,
    studyDescription: dataset.StudyDescription,
    contentQualification: dataset.ContentQualification,
    keywords: Object.keys(dataset),
    personObservers: personObservers(dataset.ContentSequence),
  };
}

function personObservers(contentSequence: unknown): string[] {
  return items(contentSequence).flatMap(item => {
    const [concept] = items(item.ConceptNameCodeSequence);
    if (concept?.CodeValue !== PERSON_OBSERVER_NAME) return personObservers(item.ContentSequence);
    return items(item.PersonName).map(({ Alphabetic }) => String(Alphabetic));
  });
}

function items(value: unknown): Record<string, unknown>[] {
  return [value ?? []].flat() as Record<string, unknown>[];
}

/** What `dciodvfy` of dicom3tools has against a file: its lines that begin with `Error`. */
export async function dicomErrors(file: Uint8Array): Promise<string[]> {
  const folder = await newFolder();
  const name = path.join(folder, 'report.dcm');
  await writeFile(name, file);
  const { stdout, stderr, error } = spawnSync('dciodvfy', [name], { encoding: 'utf8' });
  await rm(folder, { recursive: true });
  if (error) throw error;
  return `${stdout}\n${stderr}`.split('\n').filter(line => line.startsWith('Error'));
}
