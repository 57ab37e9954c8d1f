import { ageOn, PATIENTS } from './patients.ts';

it.each([
  ['the day before a birthday', '20260411', '064Y'],
  ['the birthday', '20260412', '065Y'],
  ['the day of birth', '19610412', '000Y'],
])('an age is counted in whole years: %s', (_when, date, age) => {
  expect(ageOn(PATIENTS.ada, date)).toBe(age);
});

it('no two patients share an ID, and all names say that they are synthetic', () => {
  const patients = Object.values(PATIENTS);
  expect(new Set(patients.map(patient => patient.PatientID)).size).toBe(patients.length);
  for (const { PatientName } of patients) expect(PatientName).toMatch(/^Synthetic\^/);
});
