import { EmulatorStartError } from '@ohif-azure/emulator';
import { Command, CommanderError } from 'commander';
import { devCommand } from './commands/dev.ts';
import { emulatorCommand } from './commands/emulator.ts';
import { relayCommand } from './commands/relay.ts';
import { UsageError } from './usage-error.ts';

/** Exit statuses of every command: all done, something failed, wrong use. */
export const EXIT = { done: 0, failed: 1, wrongUse: 2 } as const;

/**
 * Runs one command and leaves its exit status in `process.exitCode`.
 *
 * @param argv - as `process.argv`
 */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('ohif-azure')
    .description('OHIF viewer for the Azure DICOM service: local stack, emulator and relay.')
    .version('0.1.0')
    .exitOverride()
    .addCommand(devCommand())
    .addCommand(emulatorCommand())
    .addCommand(relayCommand());
  program.commands.forEach(command => command.exitOverride());
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  // commander has printed its own message already; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
  if (error instanceof UsageError || error instanceof EmulatorStartError) {
    console.error(`ohif-azure: ${error.message}`);
    return EXIT.wrongUse;
  }
  console.error(`ohif-azure: ${error instanceof Error ? error.message : String(error)}`);
  return EXIT.failed;
}
