import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { OrthancError } from './orthanc-error.ts';
import { orthancHttp, type OrthancAddress } from './orthanc-http.ts';

/** One change of Orthanc's feed. */
export interface Change {
  readonly seq: number;
  readonly type: string;
  /** Orthanc's name of what has changed. */
  readonly id: string;
  /** As Orthanc writes it: local time, to the second. */
  readonly date: string;
}

/** One page of `/changes`. */
export interface Changes {
  /** Every kind of change, those without interest too. */
  readonly changes: readonly Change[];
  /** `Seq` of the last change of the page; of the database when the page is empty. */
  readonly last: number;
  readonly isDone: boolean;
}

/** What Orthanc says of an instance. */
export interface OrthancInstance {
  readonly id: string;
  readonly series: string;
  /** Of the Part 10 file. */
  readonly bytes: number;
  readonly sopInstanceUID?: string;
}

/** What Orthanc says of a study or a series, as far as the relay wants to know. */
export interface OrthancParent {
  readonly parent: string;
  /** MainDicomTags by keyword. */
  readonly tags: Readonly<Record<string, string>>;
  /** Of a study: PatientMainDicomTags. Patient data: for the page of who is signed in, never for a log. */
  readonly patientTags: Readonly<Record<string, string>>;
}

/** A job of Orthanc. */
export interface OrthancJob {
  readonly state: string;
  readonly failedInstances: number;
  /** Identifiers of the instances that it made. */
  readonly instances: readonly string[];
}

const texts = z.record(z.string(), z.string()).catch({});
const changesSchema = z.object({
  Changes: z.array(
    z.object({
      Seq: z.number(),
      ChangeType: z.string(),
      ID: z.string(),
      Date: z.string().catch(''),
    })
  ),
  Last: z.number(),
  Done: z.boolean(),
});
const instanceSchema = z.object({
  ID: z.string(),
  ParentSeries: z.string(),
  FileSize: z.number(),
  MainDicomTags: texts,
});
const parentSchema = z.object({
  ParentStudy: z.string().optional(),
  ParentPatient: z.string().optional(),
  MainDicomTags: texts,
  PatientMainDicomTags: texts,
});
const jobSchema = z.object({
  State: z.string(),
  Content: z
    .object({
      FailedInstancesCount: z.number().catch(0),
      Resources: z.array(z.object({ ID: z.string(), Type: z.string() })).catch([]),
    })
    .catch({ FailedInstancesCount: 0, Resources: [] }),
});
const idsSchema = z.array(z.string());
const lookupSchema = z.array(z.object({ ID: z.string(), Type: z.string() }));
const copiesSchema = z.array(z.object({ ID: z.string(), AnonymizedFrom: z.string().optional() }));

function read<Out>(schema: z.ZodType<Out>, answer: unknown, what: string): Out {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new OrthancError(
    'ERR_RELAY_ORTHANC_ANSWER',
    `Orthanc answered ${what} with something else than expected; Orthanc 1.9.4 or later is needed.`
  );
}

/** Names of resources go into paths as they are. */
export const isOrthancId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{8}){4}$/.test(text);

/** The requests that the auto-router makes of one Orthanc. All throw {@link OrthancError}; `signal` ends them with its reason. */
export function orthancClient(address: OrthancAddress) {
  const http = orthancHttp(address);

  const parent = async (path: string, signal?: AbortSignal): Promise<OrthancParent | undefined> => {
    const answer = await http.json({ path, signal });
    if (answer === undefined) return undefined;
    const { ParentStudy, ParentPatient, MainDicomTags, PatientMainDicomTags } = read(
      parentSchema,
      answer,
      'for a series or study'
    );
    const patientTags = PatientMainDicomTags;
    return { parent: ParentStudy ?? ParentPatient ?? '', tags: MainDicomTags, patientTags };
  };

  return {
    /** One page of the change feed. */
    changes: async (since: number, limit: number, signal?: AbortSignal): Promise<Changes> => {
      const path = `/changes?since=${since}&limit=${limit}`;
      const { Changes, Last, Done } = read(
        changesSchema,
        await http.json({ path, signal }),
        '/changes'
      );
      const changes = Changes.map(({ Seq, ChangeType, ID, Date: date }) => ({
        seq: Seq,
        type: ChangeType,
        id: ID,
        date,
      }));
      return { changes, last: Last, isDone: Done };
    },

    /** Undefined: Orthanc does not have it (any more). */
    instance: async (id: string, signal?: AbortSignal): Promise<OrthancInstance | undefined> => {
      const answer = await http.json({ path: `/instances/${id}`, signal });
      if (answer === undefined) return undefined;
      const { ParentSeries, FileSize, MainDicomTags } = read(instanceSchema, answer, 'an instance');
      const sopInstanceUID = MainDicomTags.SOPInstanceUID;
      return { id, series: ParentSeries, bytes: FileSize, sopInstanceUID };
    },

    series: (id: string, signal?: AbortSignal) => parent(`/series/${id}`, signal),
    study: (id: string, signal?: AbortSignal) => parent(`/studies/${id}`, signal),

    /** AE title of who sent it by DIMSE; undefined when it came otherwise. */
    remoteAET: async (id: string, signal?: AbortSignal): Promise<string | undefined> => {
      const answer = await http.json({ path: `/instances/${id}/metadata?expand`, signal });
      const metadata = answer === undefined ? {} : read(texts, answer, 'the metadata');
      return metadata.RemoteAET || undefined;
    },

    /** One page of all instances, in an order that lasts as long as nothing is deleted. */
    instances: async (since: number, limit: number, signal?: AbortSignal): Promise<string[]> => {
      const path = `/instances?since=${since}&limit=${limit}`;
      return read(idsSchema, await http.json({ path, signal }), '/instances');
    },

    /** The Part 10 file. @throws {OrthancError} ERR_RELAY_ORTHANC_INSTANCE when Orthanc cannot give it. */
    file: async (id: string, signal?: AbortSignal): Promise<IncomingMessage> => {
      const answer = await http.open({ path: `/instances/${id}/file`, signal });
      if (answer.statusCode === 200) return answer;
      answer.resume();
      throw new OrthancError(
        'ERR_RELAY_ORTHANC_INSTANCE',
        `Orthanc cannot give the file of an instance (status ${answer.statusCode}).`,
        { instance: id }
      );
    },

    /** Begins to make de-identified copies. @returns the job's name. */
    anonymize: async (request: Record<string, unknown>, signal?: AbortSignal): Promise<string> => {
      const body = { ...request, Asynchronous: true };
      const answer = await http.json({
        method: 'POST',
        path: '/tools/bulk-anonymize',
        body,
        signal,
      });
      return read(z.object({ ID: z.string() }), answer, '/tools/bulk-anonymize').ID;
    },

    job: async (id: string, signal?: AbortSignal): Promise<OrthancJob | undefined> => {
      const answer = await http.json({ path: `/jobs/${id}`, signal });
      if (answer === undefined) return undefined;
      const { State, Content } = read(jobSchema, answer, '/jobs');
      const made = Content.Resources.filter(({ Type }) => Type === 'Instance');
      return {
        state: State,
        failedInstances: Content.FailedInstancesCount,
        instances: made.map(({ ID }) => ID),
      };
    },

    cancelJob: async (id: string, signal?: AbortSignal): Promise<void> => {
      const path = `/jobs/${id}/cancel`;
      (await http.open({ method: 'POST', path, body: '{}', signal })).resume();
    },

    /** The instances of the study with this UID, each with the original that it is a copy of. */
    copiesIn: async (
      studyInstanceUID: string,
      signal?: AbortSignal
    ): Promise<{ readonly id: string; readonly original?: string }[]> => {
      const found = read(
        lookupSchema,
        await http.json({ method: 'POST', path: '/tools/lookup', body: studyInstanceUID, signal }),
        '/tools/lookup'
      );
      const copies: { id: string; original?: string }[] = [];
      for (const { ID, Type } of found) {
        if (Type !== 'Study') continue;
        const answer = await http.json({ path: `/studies/${ID}/instances`, signal });
        if (answer === undefined) continue;
        for (const copy of read(copiesSchema, answer, 'the instances of a study')) {
          copies.push({ id: copy.ID, original: copy.AnonymizedFrom });
        }
      }
      return copies;
    },

    /** Removes an instance; it need not exist. */
    removeInstance: async (id: string, signal?: AbortSignal): Promise<void> => {
      await http.json({ method: 'DELETE', path: `/instances/${id}`, signal });
    },

    close: () => http.close(),
  };
}

export type OrthancClient = ReturnType<typeof orthancClient>;
