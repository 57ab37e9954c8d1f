import type { Argument, Command, Option } from 'commander';

/** What may follow an option or stand as an argument. */
export type ValueKind = 'file' | 'folder' | 'any' | 'none' | readonly string[];

/** An option as it is completed. */
export interface OptionWords {
  /** `--help`, and `-h` where there is one. */
  readonly names: readonly string[];
  readonly description: string;
  readonly value: ValueKind;
}

/** A command as it is completed. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  readonly argument: ValueKind;
}

/** By what stands in the angle brackets of the usage: `--out <folder>`, `[files or folders...]`. */
function kindOf(placeholder: string, choices: readonly string[] | undefined): ValueKind {
  if (choices) return choices;
  if (/file/.test(placeholder)) return 'file';
  return /folder|dir/.test(placeholder) ? 'folder' : 'any';
}

function optionWords(option: Option): OptionWords {
  const [, placeholder] = /[<[]([^>\]]+)[>\]]/.exec(option.flags) ?? [];
  return {
    names: [option.long, option.short].filter(name => name !== undefined),
    description: option.description,
    value: placeholder === undefined ? 'none' : kindOf(placeholder, option.argChoices),
  };
}

function argumentKind(argument: Argument | undefined): ValueKind {
  return argument === undefined ? 'none' : kindOf(argument.name(), argument.argChoices);
}

/** What can be typed after `ohif-azure`, read from the definitions of the commands. */
export function commandWords(program: Command): CommandWords[] {
  return program.commands.map(command => ({
    name: command.name(),
    description: command.description(),
    options: [
      ...command.options.filter(({ hidden }) => !hidden).map(optionWords),
      { names: ['--help', '-h'], description: 'display help', value: 'none' },
    ],
    argument:
      command.commands.length > 0
        ? command.commands.map(one => one.name())
        : argumentKind(command.registeredArguments[0]),
  }));
}
