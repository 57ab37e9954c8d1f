import { FRAMES, FRAME_MS, HEART_RATE, SCAN } from './echo-scan.ts';
import { createEcho } from './echo.ts';
import { commonModules, decimals, greyImage, studyUID } from './modules.ts';
import type { SeedStudy, SeriesFacts, StudyFacts } from './modules.ts';
import { toPart10 } from './part10.ts';
import { PATIENTS } from './patients.ts';

const ULTRASOUND_MULTIFRAME_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.3.1';

const STUDY: StudyFacts = {
  key: 'us',
  patient: PATIENTS.grace,
  date: '20260227',
  time: '092000',
  accessionNumber: 'SYN26000388',
  studyID: '388',
  description: 'Echocardiogram',
  referringPhysicianName: 'Practice^Imogen^^Dr',
};

const SERIES: SeriesFacts = {
  number: 1,
  modality: 'US',
  description: 'Apical four chamber',
  time: '092340',
  attributes: { BodyPartExamined: 'HEART', ProtocolName: 'Adult echo' },
};

/** An echocardiogram: one beat of 24 frames that runs on without a jump. */
export const usStudy: SeedStudy = {
  studyInstanceUID: studyUID(STUDY),
  description: `US heart, ${String(FRAMES)} frames (${STUDY.patient.PatientName})`,
  *instances() {
    yield toPart10(
      {
        ...commonModules(STUDY, SERIES, ULTRASOUND_MULTIFRAME_IMAGE_STORAGE, 1),
        ImageType: ['ORIGINAL', 'PRIMARY'],
        AcquisitionNumber: 1,
        AcquisitionDate: STUDY.date,
        AcquisitionTime: SERIES.time,
        PatientOrientation: '',
        NumberOfFrames: FRAMES,
        // The tag of Frame Time, as the number dcmjs takes for AT.
        FrameIncrementPointer: 0x00181063,
        FrameTime: decimals(FRAME_MS),
        CineRate: Math.round(1000 / FRAME_MS),
        RecommendedDisplayFrameRate: Math.round(1000 / FRAME_MS),
        EffectiveDuration: decimals((FRAMES * FRAME_MS) / 1000),
        HeartRate: HEART_RATE,
        UltrasoundColorDataPresent: 0,
        SequenceOfUltrasoundRegions: [region()],
        WindowCenter: 128,
        WindowWidth: 256,
        BurnedInAnnotation: 'NO',
        LossyImageCompression: '00',
        ...greyImage(SCAN.columns, SCAN.rows, 8),
      },
      createEcho()
    );
  },
};

/** Makes measuring possible: which pixels are tissue, and how large they are (PS3.3 C.8.5.5). */
function region() {
  const { left, top, right, bottom, apexColumn, apexRow, mmPerPixel } = SCAN;
  const centimetres = 3;
  return {
    RegionSpatialFormat: 1, // two-dimensional
    RegionDataType: 1, // tissue
    RegionFlags: 0,
    RegionLocationMinX0: left,
    RegionLocationMinY0: top,
    RegionLocationMaxX1: right,
    RegionLocationMaxY1: bottom,
    ReferencePixelX0: apexColumn - left,
    ReferencePixelY0: apexRow - top,
    ReferencePixelPhysicalValueX: 0,
    ReferencePixelPhysicalValueY: 0,
    PhysicalUnitsXDirection: centimetres,
    PhysicalUnitsYDirection: centimetres,
    PhysicalDeltaX: mmPerPixel / 10,
    PhysicalDeltaY: mmPerPixel / 10,
  };
}
