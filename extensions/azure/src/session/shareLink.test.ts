import { studiesOfPage } from './studiesOfPage.ts';
import { takeShareToken } from './shareLink.ts';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln';

afterEach(() => window.history.replaceState(null, '', '/'));

it.each([
  [`/viewer?StudyInstanceUIDs=1.2&token=${TOKEN}`, TOKEN, '/viewer?StudyInstanceUIDs=1.2'],
  [`/?token=${TOKEN}`, TOKEN, '/'],
  [`/azure?Token=${TOKEN}&StudyInstanceUIDs=1.2`, TOKEN, '/azure?StudyInstanceUIDs=1.2'],
  ['/viewer?StudyInstanceUIDs=1.2', undefined, '/viewer?StudyInstanceUIDs=1.2'],
  ['/viewer?token=', undefined, '/viewer'],
  [`/viewer?token=${TOKEN}&TOKEN=other`, TOKEN, '/viewer'],
])('takes the token out of %s', (address, token, left) => {
  window.history.replaceState({ kept: true }, '', address);
  expect(takeShareToken(window.location, window.history)).toBe(token);
  expect(`${window.location.pathname}${window.location.search}`).toBe(left);
  expect(window.history.state).toEqual({ kept: true });
});

it.each([
  ['?StudyInstanceUIDs=1.2,1.3', ['1.2', '1.3']],
  ['?studyinstanceuids=1.2&StudyInstanceUIDs=1.4', ['1.2', '1.4']],
  ['?modalities=CT', []],
])('studiesOfPage(%s)', (search, expected) => {
  expect(studiesOfPage({ search })).toEqual(expected);
});
