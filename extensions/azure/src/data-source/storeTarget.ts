import { hasCode } from '@ohif-azure/core';
import type { DicomwebClient } from '@ohif-azure/dicomweb';

/** Answers of a server that has `/studies`, but no `/studies/{study}` to store to. Nothing is stored then. */
const NO_SUCH_TARGET = [404, 405];

/**
 * A client whose Store goes to `/studies` where the server has no Store for a single study.
 *
 * `POST /studies/{StudyInstanceUID}` comes first, always: only there can a server check its user's right to that study (Orthanc's
 * authorization plugin cannot check labels at `/studies`), and refuse what belongs to another one.
 *
 * @see PS3.18 10.5.1.1 Target Resources
 */
export function withStoreTarget(client: DicomwebClient): DicomwebClient {
  return {
    ...client,
    async store(instances, options = {}) {
      try {
        return await client.store(instances, options);
      } catch (error) {
        const { studyInstanceUID, ...withoutStudy } = options;
        if (studyInstanceUID === undefined || !hasNoSuchTarget(error)) throw error;
        return client.store(instances, withoutStudy);
      }
    },
  };
}

function hasNoSuchTarget(error: unknown): boolean {
  if (!hasCode(error, 'ERR_STORE_REFUSED')) return false;
  const { httpStatus } = error as { httpStatus?: number };
  return httpStatus !== undefined && NO_SUCH_TARGET.includes(httpStatus);
}
