import { EXIT } from './exit-status.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';

export { createProgram, EXIT };

/**
 * Runs one command and leaves its exit status in `process.exitCode`.
 *
 * @param argv - as `process.argv`
 */
export async function run(argv: readonly string[]): Promise<void> {
  // `ohif-azure studies | head` closes the pipe: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode);
    throw error;
  });
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = reportError(error);
  }
}
