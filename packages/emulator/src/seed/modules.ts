import type { Naturalized } from 'dcmjs';
import { ageOn } from './patients.ts';
import type { SeedPatient } from './patients.ts';
import { uidOf } from './uid.ts';

/** One synthetic study: what it is called and the files that make it up. */
export interface SeedStudy {
  readonly studyInstanceUID: string;
  /** For people: modality, subject and patient. */
  readonly description: string;
  /** Makes the study's Part 10 files, one after the other; the same bytes on each call. */
  instances(): Iterable<Uint8Array>;
}

/** What all SOP Instances of a study share. */
export interface StudyFacts {
  /** First part of the names its UIDs are derived from. */
  readonly key: string;
  readonly patient: SeedPatient;
  /** `YYYYMMDD`. */
  readonly date: string;
  /** `HHMMSS`. */
  readonly time: string;
  readonly accessionNumber: string;
  readonly studyID: string;
  readonly description: string;
  readonly referringPhysicianName: string;
}

/** What all SOP Instances of a series share. */
export interface SeriesFacts {
  readonly number: number;
  readonly modality: string;
  readonly description: string;
  /** `HHMMSS`. */
  readonly time: string;
  /** Attributes of the modality's series and equipment modules. */
  readonly attributes: Naturalized;
}

/** The study's Study Instance UID. */
export const studyUID = (study: StudyFacts) => uidOf(`${study.key}/study`);

/** Numbers as Decimal String (DS) can carry them: at most four decimals. */
export const decimals = (...values: number[]) => values.map(value => Number(value.toFixed(4)));

/**
 * The Patient, General Study, General Series, General Equipment and SOP Common modules of an instance.
 *
 * @param study - the study.
 * @param series - the series.
 * @param sopClassUID - the SOP Class.
 * @param instanceNumber - 1 or more; also names the SOP Instance UID.
 * @see PS3.3 C.7.1.1, C.7.2.1, C.7.2.2, C.7.3.1, C.7.5.1, C.12.1.
 */
export function commonModules(
  study: StudyFacts,
  series: SeriesFacts,
  sopClassUID: string,
  instanceNumber: number
): Naturalized {
  const seriesKey = `${study.key}/series/${String(series.number)}`;
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    ...study.patient,
    PatientAge: ageOn(study.patient, study.date),
    PatientComments: 'Synthetic data, made by code. No such patient exists.',
    StudyInstanceUID: studyUID(study),
    StudyDate: study.date,
    StudyTime: study.time,
    AccessionNumber: study.accessionNumber,
    StudyID: study.studyID,
    StudyDescription: study.description,
    ReferringPhysicianName: study.referringPhysicianName,
    SeriesInstanceUID: uidOf(seriesKey),
    SeriesNumber: series.number,
    SeriesDate: study.date,
    SeriesTime: series.time,
    SeriesDescription: series.description,
    Modality: series.modality,
    Manufacturer: 'OHIF Azure',
    ManufacturerModelName: 'Synthetic phantom',
    DeviceSerialNumber: 'SYNTHETIC-1',
    SoftwareVersions: '1',
    InstitutionName: 'Practice Hospital',
    InstitutionalDepartmentName: 'Radiology',
    SOPClassUID: sopClassUID,
    SOPInstanceUID: uidOf(`${seriesKey}/${String(instanceNumber)}`),
    InstanceCreationDate: study.date,
    InstanceCreationTime: series.time,
    InstanceNumber: instanceNumber,
    ContentDate: study.date,
    ContentTime: series.time,
    ...series.attributes,
  };
}

/**
 * The Image Pixel module, but for the pixels, of a grey image whose larger values are lighter.
 *
 * @param columns - width in pixels.
 * @param rows - height in pixels.
 * @param bitsStored - up to 8 in one byte, up to 16 in two; unsigned.
 * @see PS3.3 C.7.6.3.
 */
export function greyImage(columns: number, rows: number, bitsStored: number): Naturalized {
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: bitsStored <= 8 ? 8 : 16,
    BitsStored: bitsStored,
    HighBit: bitsStored - 1,
    PixelRepresentation: 0,
  };
}
