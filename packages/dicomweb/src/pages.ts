import { contextOf } from './client-context.ts';
import type { DicomwebClient } from './client.ts';
import type { DicomJson } from './dicom-json.ts';
import { searchPages } from './search.ts';
import type { SearchParameters } from './search.ts';

/** Studies, page after page. See `DicomwebClient.allStudies`, which gives them one by one. */
export function studyPages(
  client: DicomwebClient,
  parameters?: SearchParameters
): AsyncGenerator<DicomJson[], void> {
  return searchPages(contextOf(client), 'studies', parameters);
}

/** Series, page after page. */
export function seriesPages(
  client: DicomwebClient,
  parameters?: SearchParameters
): AsyncGenerator<DicomJson[], void> {
  return searchPages(contextOf(client), 'series', parameters);
}

/** Instances, page after page. */
export function instancePages(
  client: DicomwebClient,
  parameters?: SearchParameters
): AsyncGenerator<DicomJson[], void> {
  return searchPages(contextOf(client), 'instances', parameters);
}

/**
 * All studies of a patient, by PatientID.
 * @throws TypeError when the id is empty: it would match every study.
 */
export function studiesOfPatient(
  client: DicomwebClient,
  patientID: string,
  parameters: SearchParameters = {}
): AsyncGenerator<DicomJson, void> {
  if (!patientID.trim()) throw new TypeError('patientID: expected a text that is not empty');
  const filters = { ...parameters.filters, PatientID: patientID };
  return client.allStudies({ ...parameters, filters });
}
