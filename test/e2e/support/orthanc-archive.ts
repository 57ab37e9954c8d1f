import type { Orthanc } from '../../support/orthanc.ts';

/** What the real Orthanc behind the gate has, asked directly: what the viewer shows is not what the tests trust. */
export class OrthancArchive {
  readonly #orthanc: Orthanc;

  constructor(orthanc: Orthanc) {
    this.#orthanc = orthanc;
  }

  /** Stores files as they are. */
  async fill(files: Iterable<Uint8Array>): Promise<void> {
    for (const file of files) await this.#ask('/instances', 'POST', Buffer.from(file));
  }

  /** Orthanc's ids of the SRs of a study. */
  async reportsOf(studyInstanceUID: string): Promise<string[]> {
    const query = {
      Level: 'Instance',
      Query: { StudyInstanceUID: studyInstanceUID, Modality: 'SR' },
    };
    const answer = await this.#ask('/tools/find', 'POST', JSON.stringify(query));
    return (await answer.json()) as string[];
  }

  /** The only SR of a study, as it is stored. @throws {Error} when there is none, or more than one */
  async onlyReportOf(studyInstanceUID: string): Promise<Uint8Array> {
    const reports = await this.reportsOf(studyInstanceUID);
    if (reports.length !== 1) {
      throw new Error(`Orthanc has ${reports.length} reports of the study, not exactly one.`);
    }
    const answer = await this.#ask(`/instances/${reports[0]}/file`, 'GET');
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** Removes all SRs of a study, so that the next story starts with none. */
  async removeReportsOf(studyInstanceUID: string): Promise<void> {
    for (const id of await this.reportsOf(studyInstanceUID))
      await this.#ask(`/instances/${id}`, 'DELETE');
  }

  async #ask(path: string, method: string, body?: string | Buffer<ArrayBuffer>): Promise<Response> {
    const answer = await fetch(`${this.#orthanc.url}${path}`, { method, body });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
    return answer;
  }
}
