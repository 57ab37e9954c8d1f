/** The studies that are opened. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { syntheticAnatomy, syntheticInstance, uidsOf } from '../../support/synthetic-study.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const MR_HEAD = process.env.BENCH_MR_HEAD ?? path.join(ROOT, '../shared/data/mr-head');
const SLICES = 400;
const SIDE = 512;
/** Among the synthetic studies; no seeded study and no test has it. */
const PLACE = 990_017;

/** Opened before anything is measured, so that the viewer's own files are in the browser's cache. */
export const WARM_UP_STUDY = '2.25.107071767295408594454167744945741243165';

/** The MR of the seeded studies: two series, 48 images. */
const SEEDED_MR = {
  label: 'seeded MR',
  studyInstanceUID: '2.25.131545354424490713570111848176542629472',
  rowText: 'SYN25001219',
};

/**
 * Puts a study's files into `folder`, to be imported.
 *
 * @returns `label`, `studyInstanceUID`, and `rowText`, which only this study's row of the work list has
 */
export function prepareStudy(name, folder) {
  mkdirSync(folder, { recursive: true });
  return name === 'synthetic' ? writeSynthetic(folder) : copyMrHead(folder);
}

function copyMrHead(folder) {
  const files = existsSync(MR_HEAD)
    ? readdirSync(MR_HEAD).filter(file => file.endsWith('.dcm'))
    : [];
  if (files.length === 0) {
    console.log(
      `mr-head: no files in ${path.relative(ROOT, MR_HEAD)}; the seeded MR is measured in its place. BENCH_MR_HEAD names another folder.`
    );
    return SEEDED_MR;
  }
  files.forEach(file => copyFileSync(path.join(MR_HEAD, file), path.join(folder, file)));
  return {
    label: `mr-head (${files.length})`,
    studyInstanceUID: '1.2.826.0.1.3680043.2.1143.2592092611698916978113112155415165916',
    rowText: 'Hanke_Stadler',
  };
}

function writeSynthetic(folder) {
  for (let instance = 0; instance < SLICES; instance += 1) {
    const file = syntheticInstance(
      { study: PLACE, instance },
      {
        rows: SIDE,
        columns: SIDE,
        pixelData: syntheticAnatomy(SIDE, SIDE, instance / SLICES, instance),
      }
    );
    writeFileSync(path.join(folder, `${String(instance).padStart(4, '0')}.dcm`), file);
  }
  return {
    label: `synthetic (${SLICES})`,
    studyInstanceUID: uidsOf(PLACE, 0, 0).studyInstanceUID,
    rowText: `ACC${PLACE}`,
  };
}
