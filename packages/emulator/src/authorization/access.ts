import { ServiceError } from '../http/service-error.ts';

/** What a transaction does, as Azure's roles see it: `read`, or one of the rest. */
export type DataAction = 'read' | 'write' | 'delete' | 'manageExtendedQueryTags' | 'export';

/** DICOM Data Owner or DICOM Data Reader. */
export type Role = 'owner' | 'reader';

/** What the caller of a request may do. */
export interface Access {
  /**
   * @param study - the study which the request names, if any.
   * @throws {ServiceError} 403 when the caller may not.
   */
  require(action: DataAction, study?: string): void;
  /** The only studies which the caller may see; all of them when absent. */
  studies?: ReadonlySet<string>;
}

/** Everything is permitted: authorization is off. */
export const FULL_ACCESS: Access = { require: () => undefined };

/** What a role permits; no role permits nothing. @throws on use, {ServiceError} 403 with the service's text. */
export function roleAccess(role: Role | undefined): Access {
  return {
    require(action) {
      if (role === 'owner' || (role === 'reader' && action === 'read')) return;
      throw new ServiceError(403, 'Authorization failed.');
    },
  };
}

/**
 * What a share token permits: searching and retrieving its studies. All else gets 403 without a
 * body, as at a gateway in front of the service. [reference orthanc 5.3]
 */
export function shareAccess(studies: ReadonlySet<string>): Access {
  return {
    studies,
    require(action, study) {
      if (action === 'read' && (study === undefined || studies.has(study))) return;
      throw new ServiceError(403, '');
    },
  };
}
