/** Why the emulator did not start. Stable; asserted in tests. */
export type EmulatorStartErrorCode =
  'ERR_EMULATOR_PORT_IN_USE' | 'ERR_EMULATOR_DATA_FOLDER' | 'ERR_EMULATOR_OPTION';

/**
 * The emulator could not start. The message is one line which names the port, folder or option
 * and what to do about it.
 *
 * - `ERR_EMULATOR_PORT_IN_USE`: another program listens on the port.
 * - `ERR_EMULATOR_DATA_FOLDER`: the data folder cannot be made, read or written.
 * - `ERR_EMULATOR_OPTION`: an option, or a combination of options, is not permitted.
 */
export class EmulatorStartError extends Error {
  override readonly name = 'EmulatorStartError';
  readonly code: EmulatorStartErrorCode;

  constructor(code: EmulatorStartErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
