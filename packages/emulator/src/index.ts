export * from './dicom-service/index.ts';
export { EmulatorStartError } from './emulator-start-error.ts';
export type { EmulatorStartErrorCode } from './emulator-start-error.ts';
export * from './identity/index.ts';
export * from './seed/index.ts';
export { listen, originOf } from './http/listen.ts';
