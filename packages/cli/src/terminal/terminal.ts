import { createColors } from 'picocolors';

/** Where a command writes, and what it may do there. */
export interface Terminal {
  /** The result: to stdout. Ends with a line break of its own. */
  print(line?: string): void;
  /** Remarks and progress, for people: to stderr. */
  note(line: string): void;
  /** For stdout; plain where that is no terminal, or `NO_COLOR` is set. */
  readonly colors: ReturnType<typeof createColors>;
  /** The same for stderr. */
  readonly noteColors: ReturnType<typeof createColors>;
  /** Characters in a line of stdout; undefined: it is no terminal, and lines may be of any length. */
  readonly columns: number | undefined;
  /** Somebody is there to be asked, and sees the question. */
  readonly isInteractive: boolean;
  /** Stderr is a terminal: what is drawn there may be drawn anew. */
  readonly drawsOnStderr: boolean;
}

/** @see https://no-color.org: present and not an empty string. */
function mayColor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin, env } = process;
  return {
    print: (line = '') => void stdout.write(`${line}\n`),
    note: line => void stderr.write(`${line}\n`),
    colors: createColors(mayColor(stdout, env)),
    noteColors: createColors(mayColor(stderr, env)),
    columns: stdout.isTTY ? stdout.columns || 80 : undefined,
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    drawsOnStderr: stderr.isTTY === true && env['TERM'] !== 'dumb',
  };
}
