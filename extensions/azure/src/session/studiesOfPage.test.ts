import { isPlainWorkList, sourceOfPage, studiesOfPage } from './studiesOfPage.ts';

describe("the studies of the viewer's address", () => {
  it.each([
    ['?StudyInstanceUIDs=1.2,1.3', ['1.2', '1.3']],
    ['?studyinstanceuids=1.2&StudyInstanceUIDs=1.4', ['1.2', '1.4']],
    ['?hangingProtocolId=x', []],
  ])('%s', (search, studies) => {
    expect(studiesOfPage({ search })).toEqual(studies);
  });
});

/** OHIF 3.13: `/<mode>/<data source>`, else `defaultDataSourceName`, else the first data source. */
describe('the data source of the address', () => {
  const dataSources = [{ sourceName: 'azure' }, { sourceName: 'the clinic’s' }];

  it.each([
    ['/viewer', '', undefined, 'azure'],
    ['/viewer', '', 'the clinic’s', 'the clinic’s'],
    ['/viewer/azure', '', 'the clinic’s', 'azure'],
    ['/viewer/the%20clinic%E2%80%99s', '', 'azure', 'the clinic’s'],
    ['/', '?datasources=azure', 'the clinic’s', 'azure'],
    ['/viewer/%zz', '', 'azure', 'azure'],
  ])('%s%s, by default %s: %s', (pathname, search, defaultDataSourceName, source) => {
    expect(sourceOfPage({ dataSources, defaultDataSourceName }, { pathname, search })).toBe(source);
  });

  it('a viewer without data sources has none', () => {
    expect(sourceOfPage({}, { pathname: '/', search: '' })).toBeUndefined();
  });
});

describe('the work list as it is first shown', () => {
  it.each([
    ['/', '', true],
    ['/', '?patientName=Ada', false],
    ['/viewer', '?StudyInstanceUIDs=1.2', false],
  ])('%s%s: %s', (pathname, search, isPlain) => {
    expect(isPlainWorkList({ pathname, search })).toBe(isPlain);
  });
});
