import { readIdentity, type StoreResult } from '@ohif-azure/dicomweb';
import type { Draft } from '../drafts/draft.ts';
import type { Drafts } from '../drafts/Drafts.ts';
import { draftOf } from '../drafts/draftOf.ts';
import { observable, type Settable } from '../observable.ts';
import { text } from '../texts/index.ts';
import { detailsOfError, detailsOfResult } from './reportDetails.ts';
import type { ReportJob } from './reportJob.ts';
import { savedLine, savingView, signInNotice } from './reportMessages.ts';
import { SAVED_STATES, stateOfError, stateOfResult, type ReportState } from './reportState.ts';
import { failureView, informationView, type ReportView } from './reportView.ts';

export interface ReportControllerParts {
  /** Signs the user in without leaving the page. Rejects with a ProjectError when that fails. */
  signIn(): Promise<void>;
  /** Who is signed in now. */
  account(): { id: string; displayName: string } | undefined;
  /** Hands a file to the user. */
  download(bytes: Uint8Array, fileName: string): void;
  /** Where reports are kept before they are sent; without it a report lives as long as the page. */
  drafts?: Pick<Drafts, 'keep' | 'forget' | 'take'>;
  /** Drafts of the same measurements, which a report's own draft takes the place of. */
  supersede?(job: ReportJob): readonly string[];
  /** A job that sends a kept report; undefined where its archive is not in the settings any more. */
  jobOf?(draft: Draft): ReportJob | undefined;
  /** Milliseconds since 1970. Default: the machine's clock. */
  now?(): number;
}

/** A report that is not in the archive, or not surely, and what was said of it last. */
export interface UnsavedReport {
  job: ReportJob;
  view: ReportView;
}

/**
 * What happens to the reports between "Create SR" and "saved", and what the clinician is told meanwhile. One
 * message is shown at a time; a report that is not saved is kept until it is saved or the user discards it.
 */
export class ReportController {
  /** The message that is shown. */
  readonly view: Settable<ReportView | undefined> = observable<ReportView | undefined>(undefined);
  /** Reports that are not saved and whose message is not shown; each is within reach by a button. */
  readonly putAside: Settable<readonly UnsavedReport[]> = observable<readonly UnsavedReport[]>([]);
  /** Keys of the measurements that are in a stored report. */
  readonly savedMeasurements = new Set<string>();
  readonly #parts: ReportControllerParts;
  readonly #unsaved = new Map<ReportJob, ReportView>();
  /** The job whose message is shown. */
  #shown: ReportJob | undefined;
  #saving: ReportJob | undefined;
  #awaitingSignIn: ((signedIn: boolean) => void) | undefined;
  /** Set when the viewer was left: the measurements of the reports made before are gone. */
  readonly #withoutMeasurements = new Set<ReportJob>();
  /** Jobs with a draft: they outlive the page. */
  readonly #kept = new Set<ReportJob>();

  constructor(parts: ReportControllerParts) {
    this.#parts = parts;
  }

  get isBusy(): boolean {
    return this.#saving !== undefined;
  }

  /** Whether leaving the page would lose a report. */
  get hasUnsaved(): boolean {
    return this.isBusy || [...this.#unsaved.keys()].some(job => !this.#kept.has(job));
  }

  /** Whether a measurement is in a report, stored or on its way. @param key - of measurementKey.ts */
  holds(key: string): boolean {
    const jobs = [...this.#unsaved.keys(), ...(this.#saving ? [this.#saving] : [])];
    return (
      this.savedMeasurements.has(key) ||
      jobs.some(({ measurements }) => measurements?.includes(key))
    );
  }

  /** Whether the archive has refused a report of this account, as far as this page knows. */
  get isRefused(): boolean {
    return [...this.#unsaved.values()].some(({ state }) => state === 'forbidden');
  }

  /** Tells that a save is running; the answer to a second press. */
  showBusy(): void {
    if (this.#saving) this.#display(this.#saving, { ...savingView(), notice: text('report.busy') });
  }

  /**
   * Keeps a draft, stores the report, and says how it went.
   *
   * @returns whether the archive has it; never rejects
   */
  async save(job: ReportJob): Promise<boolean> {
    if (this.isBusy) {
      this.showBusy();
      return false;
    }
    this.#saving = job;
    this.#display(job, savingView());
    await this.#keep(job);
    return this.#attempt(job);
  }

  /**
   * Goes on with a report that was kept when its page was lost. The archive is asked first: it may have it.
   *
   * @returns whether the archive has it
   */
  async resume(draft: Draft): Promise<boolean> {
    if (this.isBusy) {
      this.showBusy();
      return false;
    }
    const job = this.#parts.jobOf?.(draft);
    if (!job || !(await this.#parts.drafts?.take(draft.id))) {
      this.showInformation(text(job ? 'draft.elsewhere' : 'draft.no-archive'));
      return false;
    }
    this.#kept.add(job);
    this.#withoutMeasurements.add(job);
    this.#failed(job, 'unknown', []);
    await this.retry();
    return !this.#unsaved.has(job);
  }

  /** Sends the report of the shown message again, after the archive was asked where its outcome is not known. */
  async retry(): Promise<void> {
    const job = this.#shown;
    const view = job && this.#unsaved.get(job);
    if (!job || !view || this.isBusy) return;
    const now = this.#parts.account();
    if (job.account && now && job.account.id !== now.id) {
      const values = { made: job.account.displayName, now: now.displayName };
      this.#amend({ notice: text('report.other-account', values) });
      return;
    }
    if (view.state === 'unknown' && (await this.#settle(job)) !== 'absent') return;
    await this.#attempt(job);
  }

  /**
   * Settles what became of a study's uncertain reports before another one is made of it, or the archive might
   * have the same twice.
   *
   * @returns `unknown` when it is still not known, `stored` when one turned out to be in the archive; the message
   *   says so
   */
  async settleStudy(
    studyInstanceUID: string | undefined
  ): Promise<'nothing' | 'stored' | 'unknown'> {
    let outcome: 'nothing' | 'stored' = 'nothing';
    for (const [job, { state }] of [...this.#unsaved]) {
      if (state !== 'unknown' || job.studyInstanceUID !== studyInstanceUID) continue;
      const settled = await this.#settle(job);
      if (settled === 'unknown') {
        this.#amend({ notice: text('report.settle-first') });
        return 'unknown';
      }
      if (settled === 'stored') outcome = 'stored';
    }
    return outcome;
  }

  /** Signs in, then goes on with what was waiting for it: a report, or the press on "Create SR". */
  async signIn(): Promise<void> {
    try {
      await this.#parts.signIn();
    } catch (error) {
      this.#amend({ notice: signInNotice(error) });
      return;
    }
    if (this.#awaitingSignIn) this.#endSignInRequest(true);
    else await this.retry();
  }

  /**
   * Before the report is made: nothing at hand may store, so sign-in is asked for first.
   *
   * @returns true once signed in, false when the user closes it or turns to something else
   */
  requireSignIn(reason: string): Promise<boolean> {
    this.#inform('sign-in-required', { lines: [reason], actions: ['sign-in', 'dismiss'] });
    return new Promise(resolve => {
      this.#awaitingSignIn = resolve;
    });
  }

  /** The report could not even be made; nothing was sent. */
  showInvalid(message: string): void {
    this.#inform('rejected', { lines: [text('report.invalid.body')], details: [message] });
  }

  /** Something to know while the report is given its name; gone with the dialog, which takes all presses meanwhile. */
  showPreflight(...lines: string[]): void {
    this.#inform('draft', { title: text('preflight.title'), lines, actions: [] });
  }

  /** Something to know in place of a save; nothing was sent. */
  showInformation(title: string, ...lines: string[]): void {
    this.#inform('draft', { title, lines });
  }

  download(): void {
    this.#shown?.instances.forEach(({ bytes }, index) => {
      this.#parts.download(bytes, index === 0 ? 'report.dcm' : `report-${index + 1}.dcm`);
    });
    this.#amend({ notice: text('report.downloaded') });
  }

  /** Forgets the unsaved report of the shown message, at the user's word alone. The measurements stay. */
  discard(): void {
    if (this.#shown) this.#forget(this.#shown);
    this.#display(undefined, undefined);
  }

  /** Lets go of all of them, when the user has agreed to leave. What has a draft stays on this computer. */
  discardAll(): void {
    this.#unsaved.clear();
    this.#display(undefined, undefined);
  }

  /** Closes the message. An unsaved report stays within reach. */
  dismiss(): void {
    this.#endSignInRequest(false);
    this.#display(undefined, undefined);
  }

  reopen(job: ReportJob): void {
    const view = this.#unsaved.get(job);
    if (view) this.#display(job, view);
  }

  /** The viewer was left, and with it the measurements: what is said of the unsaved reports changes. */
  leaveViewer(): void {
    this.#endSignInRequest(false);
    if (this.#saving) this.#withoutMeasurements.add(this.#saving);
    for (const [job, { state, details }] of this.#unsaved) {
      this.#withoutMeasurements.add(job);
      const view = this.#failureView(state, job, details);
      this.#unsaved.set(job, view);
      if (this.#shown === job) this.#display(job, view);
    }
  }

  async #attempt(job: ReportJob): Promise<boolean> {
    this.#saving = job;
    // A second press may have added its notice.
    if (this.#shown !== job || this.view.get()?.state !== 'saving')
      this.#display(job, savingView());
    let state: ReportState;
    let details: string[];
    try {
      const result: StoreResult = await job.client.store(job.instances, {
        studyInstanceUID: job.studyInstanceUID,
      });
      [state, details] = [stateOfResult(result), detailsOfResult(result)];
    } catch (error) {
      [state, details] = [stateOfError(error), detailsOfError(error)];
    } finally {
      this.#saving = undefined;
    }
    if (SAVED_STATES.includes(state)) await this.#stored(job, state, details);
    else this.#failed(job, state, details);
    return SAVED_STATES.includes(state);
  }

  /** Asks the archive for a report whose outcome is not known. */
  async #settle(job: ReportJob): Promise<'stored' | 'absent' | 'unknown'> {
    this.#saving = job;
    this.#display(job, savingView());
    const settlements = await Promise.all(
      job.instances.map(({ bytes }) => job.client.settle(readIdentity(bytes)))
    );
    this.#saving = undefined;
    if (settlements.every(settlement => settlement === 'present')) {
      await this.#stored(job, 'saved', [text('report.stored-by-retrieval')]);
      return 'stored';
    }
    const isAbsent = settlements.every(settlement => settlement === 'absent');
    this.#failed(job, isAbsent ? 'unreachable' : 'unknown', []);
    return isAbsent ? 'absent' : 'unknown';
  }

  #failed(job: ReportJob, state: ReportState, details: string[]): void {
    const view = this.#failureView(state, job, details);
    this.#unsaved.set(job, view);
    this.#display(job, view);
  }

  #failureView(state: ReportState, job: ReportJob, details: string[]): ReportView {
    return failureView(state, job, details, {
      hasMeasurements: !this.#withoutMeasurements.has(job),
      isKept: this.#kept.has(job),
    });
  }

  /** Before anything is sent: from here on the report outlives the page. Without a draft it is sent all the same. */
  async #keep(job: ReportJob): Promise<void> {
    const { drafts, supersede, now = Date.now } = this.#parts;
    const { draftHours } = job;
    if (!drafts || draftHours === undefined) return;
    const isKept = await drafts.keep(draftOf({ ...job, draftHours }, now()), supersede?.(job));
    if (isKept) this.#kept.add(job);
  }

  #forget(job: ReportJob): void {
    this.#unsaved.delete(job);
    if (this.#kept.delete(job)) void this.#parts.drafts?.forget(job.id);
  }

  /** The archive has it: the study may show it, and the clinician is told. */
  async #stored(job: ReportJob, state: ReportState, details: string[]): Promise<void> {
    this.#forget(job);
    job.measurements?.forEach(key => this.savedMeasurements.add(key));
    this.#dropCovered(job);
    const lines = [savedLine(state, job)];
    try {
      await job.onStored();
    } catch {
      lines.push(text('report.stored-not-shown'));
    }
    this.#display(undefined, informationView(state, { lines, details }));
  }

  /** An earlier attempt of the same measurements would only be a second report of them. */
  #dropCovered({ studyInstanceUID }: ReportJob): void {
    for (const [other, { state }] of [...this.#unsaved]) {
      const isCovered =
        other.studyInstanceUID === studyInstanceUID &&
        other.measurements?.length &&
        other.measurements.every(key => this.savedMeasurements.has(key));
      if (isCovered && state !== 'unknown') this.#forget(other);
    }
  }

  #inform(state: ReportState, view: Partial<ReportView>): void {
    this.#display(undefined, informationView(state, view));
  }

  #display(job: ReportJob | undefined, view: ReportView | undefined): void {
    // Whatever is shown next, a press that waits for sign-in is over: its message is gone.
    this.#settleSignIn(false);
    this.#shown = job;
    this.view.set(view);
    this.putAside.set(
      [...this.#unsaved].flatMap(([each, kept]) =>
        each === job || each === this.#saving ? [] : [{ job: each, view: kept }]
      )
    );
  }

  #amend(change: Partial<ReportView>): void {
    const view = this.view.get();
    if (view) this.view.set({ ...view, ...change });
  }

  #endSignInRequest(signedIn: boolean): void {
    if (!this.#awaitingSignIn) return;
    this.#settleSignIn(signedIn);
    this.#display(undefined, undefined);
  }

  #settleSignIn(signedIn: boolean): void {
    const settle = this.#awaitingSignIn;
    this.#awaitingSignIn = undefined;
    settle?.(signedIn);
  }
}
