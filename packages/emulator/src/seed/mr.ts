import { createBrain, WEIGHTINGS } from './brain.ts';
import type { Weighting } from './brain.ts';
import { min, sqrt } from './maths.ts';
import { commonModules, decimals, greyImage, studyUID } from './modules.ts';
import type { SeedStudy, SeriesFacts, StudyFacts } from './modules.ts';
import { toPart10 } from './part10.ts';
import { PATIENTS } from './patients.ts';
import { grainTile } from './random.ts';
import type { Tile } from './random.ts';
import { uidOf } from './uid.ts';

const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4';
const SIZE = 256;
const PIXEL_MM = 0.86;
const SLICES = 24;
const THICKNESS_MM = 5;
const SPACING_MM = 5.5;
/** Height of the lowest slice in mm. */
const FIRST_Z = -54;

const STUDY: StudyFacts = {
  key: 'mr',
  patient: PATIENTS.alan,
  date: '20251103',
  time: '141000',
  accessionNumber: 'SYN25001219',
  studyID: '1219',
  description: 'MR brain',
  referringPhysicianName: 'Practice^Otto^^Dr',
};

interface Sequence {
  readonly series: SeriesFacts;
  readonly weighting: Weighting;
  /** Window centre; the width is twice that. */
  readonly centre: number;
  readonly repetitionMs: number;
  readonly echoMs: number;
  readonly echoTrainLength: number;
}

function series(number: number, description: string, time: string): SeriesFacts {
  return {
    number,
    modality: 'MR',
    description,
    time,
    attributes: {
      BodyPartExamined: 'BRAIN',
      PatientPosition: 'HFS',
      ProtocolName: description,
      // One frame of reference: the two series scroll together and can be fused.
      FrameOfReferenceUID: uidOf('mr/frame-of-reference'),
      PositionReferenceIndicator: '',
    },
  };
}

const SEQUENCES: readonly Sequence[] = [
  {
    series: series(2, 'T1 axial', '141532'),
    weighting: WEIGHTINGS.t1,
    centre: 380,
    repetitionMs: 520,
    echoMs: 12,
    echoTrainLength: 1,
  },
  {
    series: series(3, 'T2 axial', '142104'),
    weighting: WEIGHTINGS.t2,
    centre: 460,
    repetitionMs: 4600,
    echoMs: 102,
    echoTrainLength: 15,
  },
];

/** A brain MR: T1 and T2, 24 slices each, at the same places. */
export const mrStudy: SeedStudy = {
  studyInstanceUID: studyUID(STUDY),
  description: `MR brain, T1 and T2 of ${String(SLICES)} slices (${STUDY.patient.PatientName})`,
  *instances() {
    const brain = createBrain(SIZE, PIXEL_MM);
    const noise = grainTile(31, SIZE, 0);
    let image = 0;
    for (const sequence of SEQUENCES) {
      for (let slice = 0; slice < SLICES; slice += 1) {
        const signal = brain(FIRST_Z + slice * SPACING_MM, sequence.weighting);
        yield instance(sequence, slice, storedValues(signal, noise, (image += 1)));
      }
    }
  },
};

function instance(sequence: Sequence, slice: number, pixels: Uint16Array<ArrayBuffer>): Uint8Array {
  const corner = (-(SIZE - 1) / 2) * PIXEL_MM;
  const z = FIRST_Z + slice * SPACING_MM;
  return toPart10(
    {
      ...commonModules(STUDY, sequence.series, MR_IMAGE_STORAGE, slice + 1),
      ImageType: ['ORIGINAL', 'PRIMARY', 'OTHER'],
      AcquisitionNumber: 1,
      AcquisitionDate: STUDY.date,
      AcquisitionTime: sequence.series.time,
      ScanningSequence: 'SE',
      SequenceVariant: sequence.echoTrainLength > 1 ? 'SK' : 'NONE',
      ScanOptions: '',
      MRAcquisitionType: '2D',
      RepetitionTime: sequence.repetitionMs,
      EchoTime: sequence.echoMs,
      EchoTrainLength: sequence.echoTrainLength,
      NumberOfAverages: 1,
      ImagedNucleus: '1H',
      MagneticFieldStrength: decimals(1.5),
      FlipAngle: 90,
      SliceThickness: THICKNESS_MM,
      SpacingBetweenSlices: decimals(SPACING_MM),
      PixelSpacing: decimals(PIXEL_MM, PIXEL_MM),
      ImageOrientationPatient: decimals(1, 0, 0, 0, 1, 0),
      ImagePositionPatient: decimals(corner, corner, z),
      SliceLocation: decimals(z),
      WindowCenter: sequence.centre,
      WindowWidth: 2 * sequence.centre,
      BurnedInAnnotation: 'NO',
      LossyImageCompression: '00',
      ...greyImage(SIZE, SIZE, 12),
    },
    pixels
  );
}

/** Magnitude of a signal with noise in both channels (Rice's distribution: no zero in the air). */
function storedValues(
  signal: Float32Array,
  { data }: Tile,
  image: number
): Uint16Array<ArrayBuffer> {
  const stored = new Uint16Array(signal.length);
  const mask = data.length - 1;
  const first = image * 15485863;
  for (let i = 0; i < stored.length; i += 1) {
    const real = (signal[i] ?? 0) + 13 * (data[(first + i) & mask] ?? 0);
    const imaginary = 13 * (data[(first - i) & mask] ?? 0);
    stored[i] = min(4095, sqrt(real * real + imaginary * imaginary));
  }
  return stored;
}
