import type { Scene } from './row.ts';

/** Two series, CT with two instances and MR with one, the MR stored last. */
export const study = (s: Scene) =>
  s.stored(
    s.file({ ...own(s), '00080060': ['CS', 'CT'] }),
    s.other({ ...own(s), '00080060': ['CS', 'CT'] }),
    s.other({ ...own(s), '0020000E': ['UI', `${s.series}.2`], '00080060': ['CS', 'MR'] })
  );
/** Values which no other row has. */
const own = (s: Scene) =>
  ({
    '00100010': ['PN', `Ünal^Jo${suffix(s)}^Stone Hall`],
    '00080005': ['CS', 'ISO_IR 192'],
    '00100020': ['LO', `P${suffix(s)}`],
  }) as const;
/** What makes the values of a row its own. */
export const suffix = (s: Scene) => s.study.split('.').slice(-2).join('x');
