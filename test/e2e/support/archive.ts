import { DICOM_AUDIENCE, RELAY_CLIENT_ID, RELAY_CLIENT_SECRET } from '@ohif-azure/emulator';
import type { Stack } from './stack.ts';

/** Where an instance is in the archive. */
export interface InstanceReference {
  studyInstanceUID: string;
  seriesInstanceUID: string;
  sopInstanceUID: string;
}

type DicomJson = Record<string, { vr: string; Value?: unknown[] } | undefined>;

/** What the archive has, asked directly: what the viewer shows is not what the tests trust. */
export class Archive {
  readonly #stack: Pick<Stack, 'dicom' | 'identity'>;
  #accessToken: string | undefined;

  constructor(stack: Pick<Stack, 'dicom' | 'identity'>) {
    this.#stack = stack;
  }

  /** The SRs of a study. */
  async reportsOf(studyInstanceUID: string): Promise<InstanceReference[]> {
    return this.instancesOf(studyInstanceUID, 'SR');
  }

  /** The instances of a study that are of a modality. */
  async instancesOf(studyInstanceUID: string, modality: string): Promise<InstanceReference[]> {
    const instances = await this.#search(
      `/studies/${studyInstanceUID}/instances?Modality=${modality}`
    );
    return instances.map(instance => ({
      studyInstanceUID,
      seriesInstanceUID: text(instance, '0020000E'),
      sopInstanceUID: text(instance, '00080018'),
    }));
  }

  /** The only SR of a study. @throws {Error} when there is none, or more than one */
  async onlyReportOf(studyInstanceUID: string): Promise<InstanceReference> {
    const reports = await this.reportsOf(studyInstanceUID);
    const [report] = reports;
    if (!report || reports.length > 1) {
      throw new Error(`The archive has ${reports.length} reports of the study, not exactly one.`);
    }
    return report;
  }

  /** Removes all SRs of a study, so that the next story starts with none. */
  async removeReportsOf(studyInstanceUID: string): Promise<void> {
    await this.removeOf(studyInstanceUID, 'SR');
  }

  /** Removes all series of a study that are of a modality. */
  async removeOf(studyInstanceUID: string, modality: string): Promise<void> {
    for (const { seriesInstanceUID } of await this.instancesOf(studyInstanceUID, modality)) {
      await this.#ask(`/studies/${studyInstanceUID}/series/${seriesInstanceUID}`, {
        method: 'DELETE',
      });
    }
  }

  /** Has the service search studies by one more attribute; comes back when it does. */
  async makeSearchable(tag: string, valueRepresentation: string): Promise<void> {
    const answer = await this.#ask('/extendedquerytags', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([{ Path: tag, VR: valueRepresentation, Level: 'Study' }]),
    });
    const { id } = (await answer.json()) as { id: string };
    for (let status = ''; status !== 'succeeded';) {
      const operation = await this.#ask(`/operations/${id}`, {});
      ({ status } = (await operation.json()) as { status: string });
      if (status === 'failed') throw new Error(`${tag} was not made searchable.`);
    }
  }

  /** Removes one series. */
  async removeSeries(uids: Omit<InstanceReference, 'sopInstanceUID'>): Promise<void> {
    const { studyInstanceUID, seriesInstanceUID } = uids;
    await this.#ask(`/studies/${studyInstanceUID}/series/${seriesInstanceUID}`, {
      method: 'DELETE',
    });
  }

  /** How many instances of a study the archive has. */
  async instanceCountOf(studyInstanceUID: string): Promise<number> {
    return (await this.#search(`/studies/${studyInstanceUID}/instances`)).length;
  }

  /** Study Description (0008,1030), as a search for the study tells it. */
  async studyDescriptionOf(studyInstanceUID: string): Promise<string> {
    const [study = {}] = await this.#search(
      `/studies?StudyInstanceUID=${studyInstanceUID}&includefield=StudyDescription`
    );
    return text(study, '00081030');
  }

  /** An instance as it is stored: a Part 10 file in its own transfer syntax. */
  async fileOf(reference: InstanceReference): Promise<Uint8Array> {
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = reference;
    const answer = await this.#ask(
      `/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`,
      { headers: { Accept: 'application/dicom; transfer-syntax=*' } }
    );
    return new Uint8Array(await answer.arrayBuffer());
  }

  /**
   * Stores a changed copy of the study's first image.
   *
   * @param change - given its file, SOP Instance UID and Patient ID
   */
  async storeLike(...like: Parameters<Archive['likeOf']>): Promise<void> {
    const file = await this.likeOf(...like);
    await this.#ask('/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom', Accept: 'application/dicom+json' },
      body: file as BodyInit,
    }).catch((error: unknown) => {
      // It is there from another mode's tests.
      if (!String(error).includes('409')) throw error;
    });
  }

  /** Stores files, some hundreds with a request. */
  async storeAll(files: readonly Uint8Array[], resource = '/studies'): Promise<void> {
    const FILES_AT_ONCE = 500;
    for (let start = 0; start < files.length; start += FILES_AT_ONCE) {
      const boundary = 'ohif-azure-test';
      const parts = files
        .slice(start, start + FILES_AT_ONCE)
        .flatMap(file => [
          Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
          file,
          Buffer.from('\r\n'),
        ]);
      await this.#ask(resource, {
        method: 'POST',
        headers: {
          'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
          Accept: 'application/dicom+json',
        },
        body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
      });
    }
  }

  /** A changed copy of the study's first image. */
  async likeOf(
    studyInstanceUID: string,
    change: (file: Uint8Array, sopInstanceUID: string, patientID: string) => Uint8Array
  ): Promise<Uint8Array> {
    const [instance = {}] = await this.#search(
      `/studies/${studyInstanceUID}/instances?limit=1&Modality=CT&includefield=PatientID`
    );
    const sopInstanceUID = text(instance, '00080018');
    const seriesInstanceUID = text(instance, '0020000E');
    const file = await this.fileOf({ studyInstanceUID, seriesInstanceUID, sopInstanceUID });
    return change(file, sopInstanceUID, text(instance, '00100020'));
  }

  async #search(resource: string): Promise<DicomJson[]> {
    const answer = await this.#ask(resource, { headers: { Accept: 'application/dicom+json' } });
    return answer.status === 204 ? [] : ((await answer.json()) as DicomJson[]);
  }

  async #ask(resource: string, request: RequestInit): Promise<Response> {
    const headers = new Headers(request.headers);
    headers.set('Authorization', `Bearer ${await this.#token()}`);
    const answer = await fetch(`${this.#stack.dicom}${resource}`, { ...request, headers });
    if (!answer.ok) throw new Error(`${request.method ?? 'GET'} ${resource}: ${answer.status}`);
    return answer;
  }

  /** An access token of the service principal `relay`: the tests' own way in, beside the viewer. */
  async #token(): Promise<string> {
    if (this.#accessToken) return this.#accessToken;
    const discovery = await fetch(`${this.#stack.identity}/.well-known/openid-configuration`);
    const { token_endpoint: endpoint } = (await discovery.json()) as { token_endpoint: string };
    const answer = await fetch(endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: RELAY_CLIENT_ID,
        client_secret: RELAY_CLIENT_SECRET,
        scope: `${DICOM_AUDIENCE}/.default`,
      }),
    });
    if (!answer.ok) throw new Error(`No access token for the tests: ${answer.status}`);
    const { access_token: accessToken } = (await answer.json()) as { access_token: string };
    this.#accessToken = accessToken;
    return accessToken;
  }
}

function text(instance: DicomJson, tag: string): string {
  return String(instance[tag]?.Value?.[0] ?? '');
}
