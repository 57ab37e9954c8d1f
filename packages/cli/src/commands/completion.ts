import { Argument, Command } from 'commander';
import { bashScript } from '../completion/bash-script.ts';
import { commandWords } from '../completion/command-words.ts';
import { zshScript } from '../completion/zsh-script.ts';
import { processTerminal } from '../terminal/terminal.ts';

/**
 * `ohif-azure completion`: prints the completion of a shell, made from the definitions of the commands.
 * @param program - all commands; asked for when it runs, since this is one of them.
 */
export function completionCommand(program: () => Command): Command {
  return new Command('completion')
    .description('Print the completion for a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh']))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(ohif-azure completion bash)          # this shell; or put the line into ~/.bashrc
  $ ohif-azure completion zsh > "\${fpath[1]}/_ohif-azure"`
    )
    .action((shell: 'bash' | 'zsh') => {
      const words = commandWords(program());
      const script = shell === 'bash' ? bashScript : zshScript;
      processTerminal().print(script(program().name(), words).trimEnd());
    });
}
