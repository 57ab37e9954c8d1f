/**
 * The fault table: whatever goes wrong while a report is saved, in our mode and in the stock ones. A report is
 * stored, or it is not, and the clinician knows which (docs/create-report.md has the table).
 */
import { FAULT_ROWS, type FaultRow } from './fault-rows.ts';
import { STORE } from './support/faults.ts';
import { keptBy } from './support/secrets.ts';
import { Witness } from './support/witness.ts';
import { openPractice, type Desk } from './support/practice.ts';
import { REMARKED, remarkedOn } from './support/remarked-study.ts';
import { CT } from './support/studies.ts';
import { english } from '../../extensions/azure/src/texts/english.ts';
import { ViewerPage, type Mode } from './pages/ViewerPage.ts';

const practice = openPractice();

/** Family name of the seeded CT's patient. */
const PATIENT = 'Synthetic';
const SAVED = ['saved', 'saved-with-warnings', 'already-saved'];

async function begin(desk: Desk, { fault, isOffline }: FaultRow): Promise<void> {
  if (fault) await desk.dicom.inject({ match: STORE, ...fault });
  if (isOffline) await desk.context.setOffline(true);
}

async function end(desk: Desk): Promise<void> {
  await desk.dicom.clear();
  await desk.context.setOffline(false);
}

/** One report in the archive, and that one in the study. */
async function isStoredOnce(desk: Desk, study: string, name: string): Promise<void> {
  await desk.viewer.showsReport(name);
  await desk.archive.onlyReportOf(study);
}

describe.each<Mode>(['azure', 'viewer', 'basic'])('in the mode %s', mode => {
  let desk: Desk;
  let lastName = 0;
  let witness: Witness;
  /** What the stack had printed before: its welcome names the synthetic studies. */
  let welcome = '';

  beforeAll(async () => {
    desk = await practice.sit();
    witness = new Witness(desk.page);
    welcome = desk.stack.notes();
    await desk.signIn('owner', ViewerPage.pathOf(CT, mode));
    await desk.archive.storeLike(CT, remarkedOn);
  });
  afterAll(() => desk.context.close());

  it.each(FAULT_ROWS.map(row => [row.what, row] as const))('%s', (_what, row) =>
    practice.tellAt(desk, async () => {
      const { viewer, report, archive, page } = desk;
      const study = row.isRemarkedOn ? REMARKED : CT;
      const name = `Row ${(lastName += 1)}`;
      await end(desk);
      await archive.removeReportsOf(study);
      await viewer.open(study, mode);
      await viewer.measureLength();
      await viewer.pressCreateReport();
      await begin(desk, row);
      await viewer.save(name);

      const said = await report.becomes(...row.states);
      const state = await report.state();
      const words = english[`report.${state}.title` as keyof typeof english];
      expect(said.split('\n').find(line => line.length > 2)).toBe(words);

      if (SAVED.includes(state)) {
        await isStoredOnce(desk, study, name);
      } else {
        expect(await viewer.measurementCount()).toBe(1);
        expect(await viewer.reports()).toEqual([]);
        await end(desk);
        expect(await archive.reportsOf(study)).toEqual([]);
        witness.heard(await report.details());
        if (row.next === 'sign-in') {
          const [window] = await Promise.all([page.waitForEvent('popup'), report.press('sign-in')]);
          // The provider still knows who it is.
          if (!window.isClosed()) await window.waitForEvent('close');
        } else await report.press('retry');
        await report.becomes('saved');
        await isStoredOnce(desk, study, name);
      }
      await end(desk);
    })
  );

  it('through all of this no access token and no patient name got anywhere it does not belong', async () => {
    const { stack, page } = desk;
    const tokens = await witness.tokens();
    expect(tokens.length).toBeGreaterThan(2);
    const told = [
      ...witness.said,
      ...witness.addresses,
      stack.notes().slice(welcome.length),
      await keptBy(page),
    ];
    for (const secret of [...tokens, PATIENT]) {
      expect(told.filter(text => text.includes(secret))).toEqual([]);
    }
    const origins = [stack.dicom, stack.identity].map(address => new URL(address).origin);
    expect([...witness.originsWithCredentials].filter(each => !origins.includes(each))).toEqual([]);
  });
});
