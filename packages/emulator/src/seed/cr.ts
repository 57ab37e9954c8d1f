import { commonModules, decimals, greyImage, studyUID } from './modules.ts';
import type { SeedStudy, SeriesFacts, StudyFacts } from './modules.ts';
import { toPart10 } from './part10.ts';
import { PATIENTS } from './patients.ts';
import { develop } from './radiograph.ts';
import { HALF, PIXEL_MM, project, SIZE } from './radiograph-projection.ts';
import { grainTile } from './random.ts';
import { createThorax } from './thorax.ts';
import type { Thorax } from './thorax.ts';

const COMPUTED_RADIOGRAPHY_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.1';

const STUDY: StudyFacts = {
  key: 'cr',
  patient: PATIENTS.ada,
  date: '20250918',
  time: '083000',
  accessionNumber: 'SYN25000842',
  studyID: '842',
  description: 'X-ray chest, two views',
  referringPhysicianName: 'Practice^Rosalind^^Dr',
};

interface View {
  readonly number: number;
  readonly position: 'PA' | 'LL';
  readonly description: string;
  readonly time: string;
  readonly orientation: readonly [string, string];
}

const VIEWS: readonly View[] = [
  { number: 1, position: 'PA', description: 'Chest PA', time: '083412', orientation: ['L', 'F'] },
  {
    number: 2,
    position: 'LL',
    description: 'Chest lateral',
    time: '083630',
    orientation: ['P', 'F'],
  },
];

/** The same chest as the CT's, four months earlier, as a radiograph from the back and from the side. */
export const crStudy: SeedStudy = {
  studyInstanceUID: studyUID(STUDY),
  description: `CR chest, two views (${STUDY.patient.PatientName})`,
  *instances() {
    const thorax = createThorax();
    const grain = grainTile(21, HALF, 1).data;
    for (const view of VIEWS) yield instance(thorax, grain, view);
  },
};

function instance(thorax: Thorax, grain: Float32Array, view: View): Uint8Array {
  const lateral = view.position === 'LL';
  const pixels = develop(project(thorax, lateral), grain, lateral);
  const series: SeriesFacts = {
    number: view.number,
    modality: 'CR',
    description: view.description,
    time: view.time,
    attributes: {
      BodyPartExamined: 'CHEST',
      ViewPosition: view.position,
      FilterType: '',
      CollimatorGridName: '',
      FocalSpots: decimals(1.2),
      PlateType: 'STORAGE PHOSPHOR',
    },
  };
  return toPart10(
    {
      ...commonModules(STUDY, series, COMPUTED_RADIOGRAPHY_IMAGE_STORAGE, 1),
      ImageType: ['ORIGINAL', 'PRIMARY'],
      AcquisitionNumber: 1,
      AcquisitionDate: STUDY.date,
      AcquisitionTime: view.time,
      PatientOrientation: [...view.orientation],
      KVP: 125,
      ExposureTime: 8,
      DistanceSourceToDetector: 1800,
      ImagerPixelSpacing: decimals(PIXEL_MM, PIXEL_MM),
      PixelSpacing: decimals(PIXEL_MM, PIXEL_MM),
      RescaleIntercept: 0,
      RescaleSlope: 1,
      RescaleType: 'US',
      WindowCenter: 2048,
      WindowWidth: 4096,
      BurnedInAnnotation: 'NO',
      LossyImageCompression: '00',
      ...greyImage(SIZE, SIZE, 12),
    },
    pixels
  );
}
