import { abs, floor, max, min, sqrt } from './maths.ts';
import { commonModules, decimals, greyImage, studyUID } from './modules.ts';
import type { SeedStudy, SeriesFacts, StudyFacts } from './modules.ts';
import { toPart10 } from './part10.ts';
import { PATIENTS } from './patients.ts';
import { createPlane, paint } from './phantom.ts';
import type { Plane, Warp } from './phantom.ts';
import { blendTiles, grainTile, hillTile } from './random.ts';
import type { Tile } from './random.ts';
import type { Shape, Tube } from './thorax-shape.ts';
import { createThorax } from './thorax.ts';
import type { Thorax } from './thorax.ts';
import { uidOf } from './uid.ts';

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const SIZE = 512;
const PIXEL_MM = 0.72;
const SLICES = 64;
const SLICE_MM = 4;
/** Height of the lowest slice in mm. */
const FIRST_Z = (-SLICE_MM * (SLICES - 2)) / 2 - 2;
const INTERCEPT = -1024;

const STUDY: StudyFacts = {
  key: 'ct',
  patient: PATIENTS.ada,
  date: '20260114',
  time: '101500',
  accessionNumber: 'SYN26000107',
  studyID: '107',
  description: 'CT chest with contrast',
  referringPhysicianName: 'Practice^Rosalind^^Dr',
};

const SERIES: SeriesFacts = {
  number: 2,
  modality: 'CT',
  description: 'Chest 4.0 mm venous',
  time: '101842',
  attributes: {
    BodyPartExamined: 'CHEST',
    PatientPosition: 'HFS',
    ProtocolName: 'Chest routine',
    FrameOfReferenceUID: uidOf('ct/frame-of-reference'),
    PositionReferenceIndicator: '',
  },
};

/** A chest CT of 64 slices with a lesion of 23 mm in the right upper lobe. */
export const ctStudy: SeedStudy = {
  studyInstanceUID: studyUID(STUDY),
  description: `CT chest, ${String(SLICES)} slices (${STUDY.patient.PatientName})`,
  *instances() {
    const thorax = createThorax();
    const texture = createTexture();
    const plane = createPlane(SIZE, SIZE, PIXEL_MM);
    for (let slice = 0; slice < SLICES; slice += 1) yield instance(plane, thorax, texture, slice);
  },
};

interface Texture {
  readonly grain: Tile;
  readonly lung: Tile;
  readonly hills: readonly [Tile, Tile];
}

function createTexture(): Texture {
  return {
    grain: grainTile(11, SIZE, 1),
    lung: hillTile(12, SIZE, 4),
    hills: [hillTile(13, SIZE / 2, 32), hillTile(14, SIZE / 2, 32)],
  };
}

function instance(plane: Plane, thorax: Thorax, texture: Texture, slice: number): Uint8Array {
  const z = FIRST_Z + slice * SLICE_MM;
  const corner = (-(SIZE - 1) / 2) * PIXEL_MM;
  return toPart10(
    {
      // The scan runs from head to feet, as it would.
      ...commonModules(STUDY, SERIES, CT_IMAGE_STORAGE, SLICES - slice),
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      AcquisitionNumber: 1,
      AcquisitionDate: STUDY.date,
      AcquisitionTime: SERIES.time,
      KVP: 120,
      XRayTubeCurrent: 210,
      Exposure: 105,
      ConvolutionKernel: 'B40',
      ReconstructionDiameter: decimals(SIZE * PIXEL_MM),
      GantryDetectorTilt: 0,
      ContrastBolusAgent: 'Iodinated contrast medium',
      ContrastBolusRoute: 'IV',
      SliceThickness: SLICE_MM,
      SpacingBetweenSlices: SLICE_MM,
      PixelSpacing: decimals(PIXEL_MM, PIXEL_MM),
      ImageOrientationPatient: decimals(1, 0, 0, 0, 1, 0),
      ImagePositionPatient: decimals(corner, corner, z),
      SliceLocation: decimals(z),
      RescaleIntercept: INTERCEPT,
      RescaleSlope: 1,
      RescaleType: 'HU',
      WindowCenter: decimals(50, -550),
      WindowWidth: decimals(400, 1500),
      WindowCenterWidthExplanation: ['MEDIASTINUM', 'LUNG'],
      BurnedInAnnotation: 'NO',
      LossyImageCompression: '00',
      ...greyImage(SIZE, SIZE, 12),
    },
    storedValues(cut(plane, thorax, texture, z), texture, slice)
  );
}

/** Fills a plane with the phantom's cut at a height, in Hounsfield units. */
function cut(plane: Plane, thorax: Thorax, texture: Texture, z: number): Plane {
  plane.data.fill(-1000);
  const field = blendTiles(...texture.hills, z / 60);
  const layer = (item: Shape | Tube) => {
    if ('balls' in item) paintTube(plane, item, z);
    else paintShape(plane, item, z, { field, coarse: 1, amount: item.warp });
  };
  paintTable(plane);
  for (const item of thorax.wall) layer(item);
  layer(thorax.cavity);
  paintParenchyma(plane, texture.lung, z);
  layer(thorax.lungVessels);
  for (const item of [...thorax.lesion, ...thorax.occupants, ...thorax.organs, ...thorax.bones])
    layer(item);
  return plane;
}

function paintShape(plane: Plane, shape: Shape, z: number, warp: Warp): void {
  const section = shape.at(z);
  if (section === undefined) return;
  paint(plane, section, shape.value, shape.soft, shape.warp > 0 ? warp : undefined);
}

function paintTube(plane: Plane, tube: Tube, z: number): void {
  for (const ball of tube.balls) {
    // A slice has a thickness: what passes near its middle still shows, fainter when it is thin.
    const off = max(0, abs(ball.z - z) - 0.8);
    if (off >= ball.r) continue;
    const r = sqrt(ball.r * ball.r - off * off);
    paint(
      plane,
      { x: ball.x, y: ball.y, a: r, b: r },
      tube.value,
      undefined,
      undefined,
      min(1, r / 1.3)
    );
  }
}

/** The couch: a thin curved shell, foam inside. */
function paintTable(plane: Plane): void {
  for (let column = 0; column < SIZE; column += 1) {
    const x = plane.x0 + column * PIXEL_MM;
    const top = 124.5 - 16 * (x / 180) ** 2;
    for (let row = floor((top - plane.y0) / PIXEL_MM); row < SIZE; row += 1) {
      const depth = plane.y0 + row * PIXEL_MM - top;
      const shell = depth < 1.6 || (depth > 30 && depth < 31.6);
      if (depth > 31.6) break;
      if (depth >= 0) plane.data[row * SIZE + column] = shell ? -560 : -945;
    }
  }
}

/** Lung is denser towards the back, where it lies, and never quite even. */
function paintParenchyma(plane: Plane, tile: Tile, z: number): void {
  const shift = Math.round((z - FIRST_Z) * 37) & (tile.size - 1);
  for (let row = 0; row < SIZE; row += 1) {
    const dependent = (plane.y0 + row * PIXEL_MM) * 0.28;
    const line = ((row + shift) & (tile.size - 1)) * tile.size;
    for (let column = 0; column < SIZE; column += 1) {
      const i = row * SIZE + column;
      const value = plane.data[i] ?? 0;
      if (value < -840 && value > -900)
        plane.data[i] = value + dependent + 22 * (tile.data[line + column] ?? 0);
    }
  }
}

function storedValues(plane: Plane, texture: Texture, slice: number): Uint16Array<ArrayBuffer> {
  const { data } = texture.grain;
  const stored = new Uint16Array(SIZE * SIZE);
  const offset = (slice * 104729) % data.length;
  const mask = data.length - 1;
  for (let i = 0; i < stored.length; i += 1) {
    const value = plane.data[i] ?? 0;
    const deviation = value < -700 ? 13 : 9;
    const units = value + deviation * (data[(i + offset) & mask] ?? 0) - INTERCEPT;
    stored[i] = units <= 0 ? 0 : units >= 4095 ? 4095 : units + 0.5;
  }
  return stored;
}
