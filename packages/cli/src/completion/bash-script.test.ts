import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createProgram } from '../program.ts';
import { bashScript } from './bash-script.ts';
import { commandWords } from './command-words.ts';
import { zshScript } from './zsh-script.ts';

const program = createProgram();
const words = commandWords(program);
const script = bashScript(program.name(), words);

/** What bash offers for a line whose last word is being typed. */
function complete(line: readonly string[], cwd?: string): string[] {
  const run = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _ohif_azure; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', run, 'bash', ...line], {
    encoding: 'utf8',
    cwd,
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

const ROWS: [line: string[], offered: string[]][] = [
  [
    ['ohif-azure', 'st'],
    ['store', 'studies'],
  ],
  [
    ['ohif-azure', 'store', '--re'],
    ['--resume', '--report'],
  ],
  [
    ['ohif-azure', 'studies', '--auth', ''],
    ['none', 'client-credentials', 'managed-identity', 'device-code', 'token'],
  ],
  [['ohif-azure', 'studies', '--auth', 'm'], ['managed-identity']],
  [
    ['ohif-azure', 'completion', ''],
    ['bash', 'zsh'],
  ],
  [['ohif-azure', 'help', 'un'], ['uninstall']],
  [['ohif-azure', 'studies', '--limit', ''], []],
];
it.each(ROWS)('%j', (line, offered) => {
  expect(complete(line)).toEqual(offered);
});

it('offers folders and files, with blanks in their names', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ohif-azure-completion-'));
  try {
    writeFileSync(path.join(folder, 'my azure.js'), '');
    expect(complete(['ohif-azure', 'install', '--config', 'my'], folder)).toEqual(['my azure.js']);
    expect(complete(['ohif-azure', 'install', '--dist', path.dirname(folder)])).toContain(
      path.dirname(folder)
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('every command and every one of its options can be completed', () => {
  for (const command of program.commands) {
    const offered = complete(['ohif-azure', command.name(), '--']);
    const options = command.options.map(({ long }) => long);
    expect(offered).toEqual(expect.arrayContaining([...options, '--help']));
  }
});

it('zsh gets the same commands and options', () => {
  const text = zshScript(program.name(), words);
  expect(text.startsWith('#compdef ohif-azure\n')).toBe(true);
  for (const { name, options } of words) {
    expect(text).toContain(`    '${name}:`);
    for (const option of options) expect(text).toContain(`'${option.names[0]}[`);
  }
});
