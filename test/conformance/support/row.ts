import type { DicomServiceOptions } from '@ohif-azure/emulator';
import {
  buildPart10,
  instanceElements,
  newUid,
} from '../../../packages/emulator/src/testing/part10-builder.ts';
import type {
  BuilderElements,
  BuilderOptions,
} from '../../../packages/emulator/src/testing/part10-builder.ts';
import { multipart, send } from './http.ts';
import type { Answer, Sent } from './http.ts';

/** What a row can use: UIDs of its own, and requests before the one that counts. */
export interface Scene {
  /** UIDs of this row; no other row has them. */
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** `/v2/studies/{study}` and below. */
  readonly paths: { study: string; series: string; instance: string };
  /** Version and partition in front of every path, `/v2` unless the table says otherwise. */
  readonly root: string;
  readonly origin: string;
  /** A Part 10 file of the row's instance, with changes. */
  file(changes?: BuilderElements, options?: BuilderOptions): Buffer;
  /** A Part 10 file of another instance of the row's series. */
  other(changes?: BuilderElements, options?: BuilderOptions): Buffer;
  send(sent: Sent): Promise<Answer>;
  /** Stores files and fails the row when not all are stored. */
  stored(...files: Uint8Array[]): Promise<void>;
  /** Waits for an operation and gives its last state. */
  operation(answer: Answer): Promise<Answer>;
}

/** One line of a table: a request, what is to come back, and how that is known. */
export interface Row {
  title: string;
  /** Where it is written: a clause, a file of the service's source, its tests. Never empty. */
  source: string;
  /** How sure it is. */
  known: 'E2E' | 'unit' | 'code' | 'docs' | 'framework' | 'inference' | 'standard' | 'ours';
  /** Prepares what is there before. */
  before?(scene: Scene): Promise<unknown>;
  request(scene: Scene): Sent | Promise<Sent>;
  status: number;
  /** The body, as text. */
  text?: string | RegExp | ((scene: Scene) => string);
  /** Headers of the answer; `null` for one that must not be there. */
  headers?: Record<string, string | RegExp | null>;
  /** Whatever else is to be seen of the answer, or afterwards. */
  then?(answer: Answer, scene: Scene): unknown;
  /** The plain standard: the row holds for other origin servers too. */
  standard?: boolean;
}

/** The rows of one section. */
export interface Table {
  /** Name of the section, as the documentation has it. */
  name: string;
  /** Settings of the service for this table, beside `auth: 'none'` and a profile. */
  options?: Partial<DicomServiceOptions>;
  /** Starts what the service of this table needs beside it. */
  prepare?(): Promise<{ options: Partial<DicomServiceOptions>; end(): unknown }>;
  rows: readonly Row[];
}

/** Headers of a multipart Store request. */
export const STORE_HEADERS = {
  'content-type': 'multipart/related; type="application/dicom"; boundary=row',
};

/** A Store request of some files. */
export const storeOf = (path: string, files: readonly Uint8Array[]): Sent => ({
  method: 'POST',
  path,
  headers: STORE_HEADERS,
  body: multipart(files),
});

/** A request with a JSON body. */
export const jsonOf = (
  method: string,
  path: string,
  body: unknown,
  type = 'application/json'
): Sent => ({
  method,
  path,
  headers: { 'content-type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

/** Makes the scene of a row. @param below - what stands between the origin and `/studies`. */
export function sceneOf(origin: string, root: string): Scene {
  const [study, series, instance] = [newUid(), newUid(), newUid()];
  const own = { '0020000D': ['UI', study], '0020000E': ['UI', series] } as const;
  const study_ = `${root}/studies/${study}`;
  const series_ = `${study_}/series/${series}`;
  const scene: Scene = {
    study,
    series,
    instance,
    paths: { study: study_, series: series_, instance: `${series_}/instances/${instance}` },
    root,
    origin,
    file: (changes, options) =>
      buildPart10(instanceElements({ ...own, '00080018': ['UI', instance], ...changes }), options),
    other: (changes, options) => buildPart10(instanceElements({ ...own, ...changes }), options),
    send: sent => send(origin, sent),
    async stored(...files) {
      const answer = await scene.send(storeOf(`${root}/studies`, files));
      expect([200, 202]).toContain(answer.status);
      // Orthanc always writes the sequence of failures, empty.
      const failed = answer.json<Record<string, { Value?: unknown[] }>>()['00081198'];
      expect(failed?.Value ?? []).toEqual([]);
    },
    async operation(answer) {
      const path = new URL(answer.json<{ href: string }>().href).pathname;
      for (;;) {
        const state = await scene.send({ path });
        if (state.status !== 202) return state;
        await new Promise(resolve => setImmediate(resolve));
      }
    },
  };
  return scene;
}
