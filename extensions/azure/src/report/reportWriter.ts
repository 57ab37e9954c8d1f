import type { Services } from '../ohif.ts';
import type { AzureRuntime } from '../runtime.ts';
import { writePart10 } from './writePart10.ts';
import type { ReportWriter } from './writeReport.ts';

/** Writes reports in the name of who is signed in, with the viewer's own dcmjs. */
export function reportWriter(
  { session }: Pick<AzureRuntime, 'session'>,
  services: Services
): ReportWriter {
  return {
    account: () => session?.state.account,
    studyDescription: uid => studyDescriptionOf(services, uid),
    write: writePart10,
  };
}

function studyDescriptionOf(
  { displaySetService }: Services,
  studyInstanceUID: string | undefined
): string | undefined {
  return displaySetService
    .getActiveDisplaySets()
    .flatMap(({ StudyInstanceUID, instances = [] }) =>
      StudyInstanceUID === studyInstanceUID ? instances : []
    )
    .map(({ StudyDescription }) => StudyDescription)
    .find(description => typeof description === 'string' && description !== '') as
    string | undefined;
}
