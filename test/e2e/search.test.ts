/**
 * The work list's search over the emulator, through the list's own filters. An archive of 265 studies, of which the viewer reads all, or, with
 * `queryLimit: 200`, those 200 that were received last.
 */
import { editAppConfig } from './support/app-config.ts';
import { filesOf, manyStudies, type MadeStudy } from './support/many-studies.ts';
import { openPractice, type Desk } from './support/practice.ts';
import { searchesOf } from './support/searches.ts';
import { CT } from './support/studies.ts';
import { until } from './support/until.ts';

const SEEDED = 5;
const MANY = manyStudies(260);
const ALL = SEEDED + MANY.length;
const BOUND = 200;
/** Wide enough for every column. */
const WIDE = { width: 1900, height: 950 };

const story = openPractice();
let isStored = false;

/** Signs in to the work list of the big archive. */
async function openList(
  { page, signIn, archive, workList }: Desk,
  settings = '',
  size = WIDE
): Promise<void> {
  if (!isStored) await archive.storeAll(filesOf(MANY));
  isStored = true;
  if (settings)
    await editAppConfig(page, text => text.replace('serviceUrl:', `${settings}, serviceUrl:`));
  await page.setViewportSize(size);
  await signIn('reader');
  await workList.isShown();
}

const made = (matches: (study: MadeStudy) => boolean) => MANY.filter(matches);

it(
  'lists every study of an archive with more than a page, newest first, with every column filled',
  story(async desk => {
    const { page, workList } = desk;
    const searches = searchesOf(page);
    await openList(desk);
    await workList.showsRange(`1-50 of ${ALL}`);
    expect(searches).toEqual([
      'studies?limit=200',
      'studies?limit=200&offset=200',
      'studies?limit=200&offset=400',
      'studies?limit=200&offset=600',
    ]);
    expect(await workList.values('MRN')).not.toContain('');
    const newest = MANY.at(-1);
    const at = (await workList.values('Accession')).indexOf(newest?.accessionNumber ?? '');
    expect(at).toBe(SEEDED);
    const cell = async (column: string) => (await workList.values(column))[at];
    expect(await cell('Patient')).toBe('Doe, Jane');
    expect(await cell('MRN')).toBe(newest?.patientID);
    expect(await cell('Study Date')).toBe('17-Sep-2015 05:15 PM');
    expect((await cell('Modalities'))?.split('\\').sort()).toEqual(['CT', 'PT']);
    expect(await cell('Description')).toBe('PET whole body');
    expect(await workList.notice()).toBeUndefined();

    // The second page, and another order, come without another search.
    await workList.nextPage();
    await workList.showsRange(`51-100 of ${ALL}`);
    await workList.sortBy('Patient');
    await workList.showsRange(`1-50 of ${ALL}`);
    await until(
      'the names in their order',
      () => workList.values('Patient'),
      ([first]) => first === 'Doe, Jane'
    );
    expect(searches).toHaveLength(4);
  })
);

it(
  'sorts names with accents among those without',
  story(async desk => {
    const { workList } = desk;
    await openList(desk);
    await workList.filterByDate({ from: '2015-01-01', to: '2015-01-10' });
    await workList.showsRange('1-10 of 10');
    await workList.sortBy('Patient');
    await until(
      'another order',
      () => workList.values('Patient'),
      ([first]) => first === 'Doe, Jane'
    );
    const shown = await workList.values('Patient');
    expect(shown).toEqual([...shown].sort(new Intl.Collator().compare));
    expect(shown.indexOf('Müller, Jörg')).toBeLessThan(shown.indexOf('Nguyen, Van An'));
  })
);

const CHEST = made(({ description }) => description === 'CT Chest').length;
describe.each<[string, (workList: Desk['workList']) => Promise<void>, number, string[]]>([
  [
    'a word’s beginning',
    list => list.filter('Patient', 'smi'),
    52,
    ['studies?PatientName=smi&fuzzymatching=true&limit=200'],
  ],
  [
    'words in any order',
    list => list.filter('Patient', 'smi jo'),
    26,
    ['studies?PatientName=smi&fuzzymatching=true&limit=200'],
  ],
  [
    'without accents, in capitals',
    list => list.filter('Patient', 'ZOE lef'),
    26,
    ['studies?PatientName=ZOE&fuzzymatching=true&limit=200'],
  ],
  [
    'a name with an apostrophe',
    list => list.filter('Patient', "o'bri"),
    26,
    ["studies?PatientName=o'bri&fuzzymatching=true&limit=200"],
  ],
  ['an MRN', list => list.filter('MRN', 'MRN-10077'), 1, ['studies?PatientID=MRN-10077&limit=200']],
  ['part of an MRN', list => list.filter('MRN', '1007'), 10, ['studies?PatientID=1007&limit=200']],
  [
    'an accession number',
    list => list.filter('Accession', 'acc50077'),
    1,
    ['studies?AccessionNumber=acc50077&limit=200'],
  ],
  [
    'part of an accession number',
    list => list.filter('Accession', '5007'),
    10,
    ['studies?AccessionNumber=5007&limit=200'],
  ],
  [
    'part of a description',
    list => list.filter('Description', 'chest ct'),
    CHEST + 1,
    ['studies?StudyDescription=chest+ct&limit=200'],
  ],
  ['with a wildcard', list => list.filter('Description', '*knee*'), 52, []],
])('the filter by %s', (_what, filter, count, asked) => {
  it(
    'finds what is meant, with these searches',
    story(async desk => {
      const { page, workList } = desk;
      await openList(desk);
      await workList.showsRange(`1-50 of ${ALL}`);
      const searches = searchesOf(page);
      await filter(workList);
      await workList.showsRange(`1-${Math.min(count, 50)} of ${count}`);
      expect(searches.filter(search => !search.startsWith('extendedquerytags'))).toEqual(asked);
      expect(await workList.notice()).toBeUndefined();
      await workList.resetFilters();
      await workList.showsRange(`1-50 of ${ALL}`);
    })
  );
});

it(
  'one modality, then a second one; each is a search of its own',
  story(async desk => {
    const { page, workList } = desk;
    await openList(desk);
    await workList.showsRange(`1-50 of ${ALL}`);
    const searches = searchesOf(page);
    await workList.chooseModality('MR');
    await workList.showsRange('1-50 of 53');
    await workList.chooseModality('PT');
    await workList.showsRange('1-50 of 105');
    expect(new Set(searches)).toEqual(
      new Set(['studies?ModalitiesInStudy=MR&limit=200', 'studies?ModalitiesInStudy=PT&limit=200'])
    );
    expect(new Set((await workList.values('Modalities')).map(each => each.slice(0, 2)))).toEqual(
      new Set(['MR', 'PT'])
    );
  })
);

it(
  'dates with an open end, and a name besides',
  story(async desk => {
    const { page, workList } = desk;
    await openList(desk);
    await workList.showsRange(`1-50 of ${ALL}`);
    const searches = searchesOf(page);
    await workList.filterByDate({ from: '2024-01-01' });
    await workList.showsRange(`1-${SEEDED} of ${SEEDED}`);
    await workList.filter('Patient', 'ada');
    await workList.showsRange('1-2 of 2');
    expect(searches.filter(search => !search.startsWith('extended'))).toEqual([
      'studies?StudyDate=20240101-&limit=200',
      'studies?StudyDate=20240101-&PatientName=ada&fuzzymatching=true&limit=200',
    ]);
    await workList.resetFilters();
    await workList.showsRange(`1-50 of ${ALL}`);
    await workList.filterByDate({ to: '2015-01-07' });
    await workList.showsRange('1-7 of 7');
    expect(searches).toContain('studies?StudyDate=-20150107&limit=200');
  })
);

describe('an archive with more studies than are read', () => {
  const few = `queryLimit: ${BOUND}`;

  it(
    'says so, and what finds the others',
    story(async desk => {
      const { page, workList } = desk;
      await openList(desk, few);
      await workList.says('Showing the 200 studies that the archive received last.');
      expect(await workList.range()).toBe(`1-50 of ${BOUND}`);
      // A whole value is found behind the bound, a part is not, and the list says so.
      await workList.filter('MRN', 'MRN-10001');
      await workList.showsRange('1-1 of 1');
      await workList.says('Parts of MRNs were looked for in 200 studies only');
      await workList.filter('MRN', '');
      await workList.showsRange(`1-50 of ${BOUND}`);
      // A name is the archive's business.
      await workList.filter('Patient', 'jane');
      await workList.showsRange('1-26 of 26');
      expect(await workList.notice()).toBeUndefined();
      await page.screenshot({ path: 'test-results/work-list.png' });
    })
  );

  it.each([
    [1280, 720],
    [1440, 900],
  ])('covers nothing of the list at %i x %i', (width, height) =>
    story(async desk => {
      const { page, workList } = desk;
      await openList(desk, few, { width, height });
      await workList.says('Showing the 200 studies');
      const bottomOf = (selector: string) =>
        page
          .locator(selector)
          .first()
          .evaluate(element => element.getBoundingClientRect().bottom);
      const bar = await page.locator('.oa-bar').boundingBox();
      const list = await bottomOf('div:has(> div > table), div:has(> table)');
      expect(list).toBeLessThanOrEqual(bar?.y ?? 0);
      const text = await page.locator('[data-cy="azure-search-notice"]').boundingBox();
      expect((text?.x ?? 0) + (text?.width ?? 0)).toBeLessThanOrEqual(width);
      const session = await page.locator('[data-cy="azure-session"]').boundingBox();
      const isBeside = (text?.x ?? 0) >= (session?.x ?? 0) + (session?.width ?? 0);
      expect(isBeside || (session?.y ?? 0) + (session?.height ?? 0) < (text?.y ?? 0)).toBe(true);
      await page.screenshot({ path: `test-results/work-list-notice-${width}.png` });
    })()
  );

  it(
    'says so in French',
    story(async desk => {
      const { context, workList } = desk;
      await context.addInitScript(() => localStorage.setItem('i18nextLng', 'fr'));
      await openList(desk, few);
      await workList.says('Les 200 examens reçus en dernier par l’archive sont affichés.');
    })
  );

  it(
    'says nothing in the viewer, and again on the way back',
    story(async desk => {
      const { page, workList, viewer } = desk;
      await openList(desk, few);
      await workList.says('Showing the 200 studies');
      await viewer.open(CT);
      await viewer.showsPixels();
      expect(await workList.notice()).toBeUndefined();
      expect(await page.evaluate(() => document.documentElement.className)).not.toContain('oa-');
      await page.goBack();
      await workList.says('Showing the 200 studies');
    })
  );
});

it(
  'a search that the archive refuses is told in the archive’s words',
  story(async ({ signIn, workList, dicom }) => {
    await dicom.inject({
      match: { method: 'GET', path: '^/v2/studies$' },
      status: 400,
      body: "Invalid query: specified Date value 'x' is invalid for attribute 'StudyDate'.",
    });
    await signIn('reader');
    const problem = await workList.problem();
    expect(problem).toContain('specified Date value');
    // What stands in quotes may be what somebody typed.
    expect(problem).not.toContain("'x'");
  })
);

it(
  'an extended query tag that the service has helps the filter it belongs to',
  story(async desk => {
    const { page, archive, workList } = desk;
    await openList(desk);
    await workList.filter('Accession', 'RAD-70077');
    await until(
      'no study',
      () => workList.values('Accession'),
      ({ length }) => length === 0
    );
    // Study ID (0020,0010).
    await archive.makeSearchable('00200010', 'SH');
    await page.reload();
    await workList.resetFilters();
    await workList.showsRange(`1-50 of ${ALL}`);
    const searches = searchesOf(page);
    await workList.filter('Accession', 'RAD-70077');
    await workList.showsRange('1-1 of 1');
    expect(await workList.values('MRN')).toEqual(['MRN-10077']);
    expect(searches).toContain('studies?00200010=RAD-70077&limit=200');
  })
);
