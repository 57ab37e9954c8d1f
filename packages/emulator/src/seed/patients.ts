/** A patient who never lived. */
export interface SeedPatient {
  /** Person Name (0010,0010), `Family^Given`. */
  readonly PatientName: string;
  readonly PatientID: string;
  /** `YYYYMMDD`. */
  readonly PatientBirthDate: string;
  readonly PatientSex: 'F' | 'M';
}

/** The seed's patients. Ada has two studies, a CT and an earlier CR, so that she has a prior. */
export const PATIENTS = {
  ada: {
    PatientName: 'Synthetic^Ada',
    PatientID: 'SYN-0001',
    PatientBirthDate: '19610412',
    PatientSex: 'F',
  },
  alan: {
    PatientName: 'Synthetic^Alan',
    PatientID: 'SYN-0002',
    PatientBirthDate: '19780623',
    PatientSex: 'M',
  },
  grace: {
    PatientName: 'Synthetic^Grace',
    PatientID: 'SYN-0003',
    PatientBirthDate: '19551209',
    PatientSex: 'F',
  },
  // The accent is deliberate: names outside ASCII have to survive the whole way.
  zoe: {
    PatientName: 'Synthetic^Zoé',
    PatientID: 'SYN-0004',
    PatientBirthDate: '19890301',
    PatientSex: 'F',
  },
} as const satisfies Record<string, SeedPatient>;

/**
 * The age on a day, as Age String (AS) in years.
 *
 * @param patient - whose birth date counts.
 * @param date - `YYYYMMDD`, not before the birth date.
 */
export function ageOn(patient: SeedPatient, date: string): string {
  const years = Math.floor((Number(date) - Number(patient.PatientBirthDate)) / 10000);
  return `${String(years).padStart(3, '0')}Y`;
}
