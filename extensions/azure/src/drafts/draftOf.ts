import type { ReportJob } from '../report/reportJob.ts';
import type { Draft } from './draft.ts';

const HOUR_MS = 3_600_000;

/** The draft of a report on its way into the archive. @param now - milliseconds since 1970 */
export function draftOf(job: ReportJob & { draftHours: number }, now: number): Draft {
  const { id, name, account, observer, sourceName, studyInstanceUID, studyDescription } = job;
  return {
    id,
    kind: 'report',
    name,
    account,
    observer,
    sourceName,
    studyInstanceUID,
    studyDescription,
    measurements: job.measurements,
    instances: job.instances,
    madeAt: now,
    expiresAt: now + job.draftHours * HOUR_MS,
  };
}
