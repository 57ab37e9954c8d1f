/** Where an instance stands, all counted from 0. */
export interface SyntheticPlace {
  study?: number;
  series?: number;
  instance?: number;
}

export interface SyntheticImage {
  rows?: number;
  columns?: number;
  frames?: number;
  transferSyntax?: string;
  pixelData?: Buffer;
}

export function uidsOf(
  study: number,
  series: number,
  instance: number
): { studyInstanceUID: string; seriesInstanceUID: string; sopInstanceUID: string };

export function syntheticInstance(place: SyntheticPlace, image?: SyntheticImage): Buffer;

export function syntheticAnatomy(
  rows: number,
  columns: number,
  place: number,
  seed: number
): Buffer;

export function storeBody(files: readonly Uint8Array[], boundary: string): Buffer;
