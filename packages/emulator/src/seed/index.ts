/** The studies a fresh stack starts with. All synthetic, all made by code, the same bytes each time. */
import { crStudy } from './cr.ts';
import { ctStudy } from './ct.ts';
import type { SeedStudy } from './modules.ts';
import { mrStudy } from './mr.ts';
import { pdfStudy } from './pdf.ts';
import { usStudy } from './us.ts';

export type { SeedStudy } from './modules.ts';

/** A CT, an MR with two series, a CR (a prior of the CT), a multi-frame ultrasound, a PDF. */
export const SEED_STUDIES: readonly SeedStudy[] = [ctStudy, mrStudy, crStudy, usStudy, pdfStudy];
