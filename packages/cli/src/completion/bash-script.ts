import type { CommandWords, ValueKind } from './command-words.ts';

/** A word in single quotes, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function compgen(kind: ValueKind): string {
  if (kind === 'file') return `compgen -f -- "$cur"`;
  if (kind === 'folder') return `compgen -d -- "$cur"`;
  if (kind === 'any' || kind === 'none') return ':';
  return `compgen -W ${quoted(kind.join(' '))} -- "$cur"`;
}

function caseOf({ name, options, argument }: CommandWords): string {
  const values = options
    .filter(({ value }) => value !== 'none')
    .map(
      ({ names, value }) => `        ${names.join('|')}) reply "$(${compgen(value)})"; return ;;`
    );
  const words = options.flatMap(({ names }) => names.filter(one => one.startsWith('--')));
  return [
    `    ${name})`,
    ...(values.length === 0 ? [] : ['      case "$prev" in', ...values, '      esac']),
    `      if [[ $cur == -* ]]; then reply "$(compgen -W ${quoted(words.join(' '))} -- "$cur")"`,
    `      else reply "$(${compgen(argument)})"; fi`,
    '      ;;',
  ].join('\n');
}

/** The completion of bash (3.2 and newer: macOS has that one). Names of files with blanks in them are kept whole. */
export function bashScript(program: string, commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands
    .map(caseOf)
    .join('\n')
    .replaceAll('reply ', `_${functionName(program)}_reply `);
  const reply = `_${functionName(program)}_reply`;
  return `# bash completion for ${program}. In ~/.bashrc:  source <(${program} completion bash)
${reply}() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do [[ -n $line ]] && COMPREPLY+=("$line"); done <<< "$1"
  [[ \${#COMPREPLY[@]} -gt 0 && -e \${COMPREPLY[0]} ]] && compopt -o filenames 2>/dev/null
  return 0
}
_${functionName(program)}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  if [[ $COMP_CWORD -eq 1 ]]; then
    ${reply} "$(compgen -W ${quoted(`${names} help --help --version`)} -- "$cur")"
    return
  fi
  case "$command" in
    help) ${reply} "$(compgen -W ${quoted(names)} -- "$cur")" ;;
${cases}
  esac
}
complete -F _${functionName(program)} ${program}
`;
}

const functionName = (program: string) => program.replace(/\W/g, '_');
