import type { StoreError } from '../src/errors.ts';
import type { InstanceOutcome } from '../src/store-outcome.ts';
import type { Step } from './scripted-peer.ts';
import { metadata, storeResponse } from './store-responses.ts';

/** What the rows of the Store tables cite: the reference's section 1. */
export const AZURE = 'Azure v2 Store';

/** An answer in the DICOM JSON Model. */
export const json = (status: number, body: string): Step => ({
  status,
  headers: { 'Content-Type': 'application/dicom+json; charset=utf-8' },
  body,
});

/** An answer in plain text, as the Azure DICOM service's errors are. */
export const text = (status: number, body: string): Step => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body,
});

/** The instance 2.25.300 failed. */
export const failed = (status: number, reason: number | string): Step =>
  json(status, storeResponse([], [{ uid: '2.25.300', failureReason: reason }]));

/** An instance failed, and the item does not say which. */
export const failedWithoutUIDs = (status: number, reason: number): Step =>
  json(status, storeResponse([], [{ failureReason: reason }]));

/** The instance 2.25.300 is stored. */
export const ok = json(200, storeResponse([{ uid: '2.25.300' }]));

/** Answers to the question for the metadata of 2.25.300. */
export const present = json(200, metadata('2.25.300'));
export const otherClass = json(200, metadata('2.25.300', '1.2.840.10008.5.1.4.1.1.2'));
export const absent = text(404, 'The specified instance cannot be found.');

/** One instance sent. `settled` are the answers to the Retrieve requests that follow, in order. */
export interface StoreRow {
  readonly cite: string;
  readonly answers: readonly Step[];
  readonly settled?: readonly Step[];
  readonly outcome?: Partial<InstanceOutcome>;
  readonly error?: Partial<StoreError>;
}
