import { Command } from 'commander';
import { createColors } from 'picocolors';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { deleteCommand } from './commands/delete.ts';
import { devCommand } from './commands/dev.ts';
import { doctorCommand } from './commands/doctor.ts';
import { emulatorCommand } from './commands/emulator.ts';
import { installCommand, uninstallCommand } from './commands/install.ts';
import { relayCommand } from './commands/relay.ts';
import { retrieveCommand } from './commands/retrieve.ts';
import { searchCommand } from './commands/search.ts';
import { storeCommand } from './commands/store.ts';
import { tokenCommand } from './commands/token.ts';

/** The command with all that it can do. */
export function createProgram(): Command {
  const program = new Command('ohif-azure')
    .description('The Azure DICOM service and the OHIF viewer, from the command line.')
    .version('0.1.0')
    .exitOverride();
  const pc = createColors(true);
  const groups: [title: string, commands: Command[]][] = [
    [
      'Archive:',
      [
        storeCommand(),
        retrieveCommand(),
        searchCommand('studies'),
        searchCommand('series'),
        searchCommand('instances'),
        deleteCommand(),
      ],
    ],
    ['Viewer:', [configCommand(), installCommand(), uninstallCommand()]],
    ['Check:', [doctorCommand(), tokenCommand()]],
    [
      'On this machine:',
      [devCommand(), emulatorCommand(), relayCommand(), completionCommand(() => program)],
    ],
  ];
  for (const [title, commands] of groups) {
    for (const command of commands) program.addCommand(command.helpGroup(title));
  }
  const styles = {
    styleTitle: pc.bold,
    styleCommandText: pc.cyan,
    styleOptionTerm: pc.cyan,
    styleSubcommandTerm: pc.cyan,
  };
  const all = [...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
  for (const command of [program, ...all]) {
    // commander takes the colours out again where they are not wanted.
    command.configureHelp(styles);
  }
  for (const command of all) {
    const name = [command.parent === program ? undefined : command.parent?.name(), command.name()]
      .filter(Boolean)
      .join(' ');
    command.exitOverride().showHelpAfterError(`(ohif-azure ${name} --help tells more)`);
  }
  return program;
}
