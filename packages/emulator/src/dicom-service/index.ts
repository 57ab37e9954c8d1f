export type { Role } from '../authorization/access.ts';
export type { IdentitySettings } from '../authorization/access-token.ts';
export type { ImportResult } from './import.ts';
export { DEFAULT_DICOM_PORT } from './options.ts';
export type { DicomServiceOptions } from './options.ts';
export { startDicomService } from './start.ts';
export type { RunningDicomService } from './start.ts';
