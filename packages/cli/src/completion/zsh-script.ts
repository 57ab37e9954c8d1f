import type { CommandWords, OptionWords, ValueKind } from './command-words.ts';

/** A text within single quotes, in which `_arguments` reads brackets and colons. */
const described = (text: string) =>
  text
    .replace(/[[\]:\\]/g, '\\$&')
    .replaceAll("'", `'\\''`)
    .replace(/\s+/g, ' ');

function action(kind: ValueKind): string {
  if (kind === 'file') return ':file:_files';
  if (kind === 'folder') return ':folder:_files -/';
  if (kind === 'none') return '';
  return kind === 'any' ? ':value: ' : `:value:(${kind.join(' ')})`;
}

function specification({ names, description, value }: OptionWords): string[] {
  return names.map(name => `'${name}[${described(description)}]${action(value)}'`);
}

function caseOf({ name, options, argument }: CommandWords): string {
  const rest = argument === 'none' ? [] : [`'*${action(argument)}'`];
  const lines = [...options.flatMap(specification), ...rest].map(line => `            ${line}`);
  return `        ${name})\n          _arguments \\\n${lines.join(' \\\n')}\n          ;;`;
}

/** The completion of zsh. */
export function zshScript(program: string, commands: readonly CommandWords[]): string {
  const name = `_${program.replace(/\W/g, '_')}`;
  const list = commands
    .map(command => `    '${command.name}:${described(command.description)}'`)
    .join('\n');
  return `#compdef ${program}
# zsh completion for ${program}: put it into a folder of $fpath as _${program}, or source <(${program} completion zsh)
${name}() {
  local line state
  local -a commands
  commands=(
${list}
  )
  _arguments -C '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe 'command' commands ;;
    argument)
      case $line[1] in
${commands.map(caseOf).join('\n')}
      esac
      ;;
  esac
}
compdef ${name} ${program}
`;
}
