import { storeOf } from '../support/row.ts';
import type { Table } from '../support/row.ts';
import { reason, warned } from '../support/store-answers.ts';

const implicit = { transferSyntax: '1.2.840.10008.1.2' };

/** What the profiles differ in. */
export const STORE_OPEN_SOURCE: Table = {
  name: 'Store, profile open-source',
  options: { profile: 'open-source', maxStoreBytes: 20_000 },
  rows: [
    {
      title: 'Implicit VR: stored with warning 45063',
      source: 'ImplicitValueRepresentationValidator',
      known: 'code',
      request: s => storeOf('/v2/studies', [s.file({}, implicit)]),
      status: 202,
      then: warned(45063),
    },
    {
      title: 'Implicit VR in v1: 200 with warning 45063',
      source: 'ImplicitValueRepresentationValidator',
      known: 'code',
      request: s => storeOf('/v1/studies', [s.file({}, implicit)]),
      status: 200,
      then: warned(45063),
    },
    {
      title: 'PUT: 405',
      source: 'StoreController has no PUT',
      known: 'code',
      request: s => ({ ...storeOf('/v2/studies', [s.file()]), method: 'PUT' }),
      status: 405,
    },
    {
      title: 'more than the limit: 413',
      source: 'reference 0.A; DicomFileSizeLimit',
      known: 'code',
      request: s => storeOf('/v2/studies', [s.file({ '00204000': ['LT', 'x'.repeat(30_000)] })]),
      status: 413,
      text: 'The request exceeded the allowed limit of 20000 bytes.',
    },
  ],
};

export const STORE_HOSTED: Table = {
  name: 'Store, profile hosted',
  options: { profile: 'hosted' },
  rows: [
    {
      title: 'Implicit VR: refused with 43264',
      source:
        'conformance statement v2: "Only transfer syntaxes with explicit Value Representations are accepted."',
      known: 'docs',
      request: s => storeOf('/v2/studies', [s.file({}, implicit)]),
      status: 409,
      then: reason(43264),
    },
    {
      title: 'PUT stores what is not there',
      source: 'azure-docs 8cd67a5b, upsert',
      known: 'docs',
      request: s => ({ ...storeOf('/v2/studies', [s.file()]), method: 'PUT' }),
      status: 200,
    },
    {
      title: 'PUT stores in place of what is there',
      source: 'azure-docs 8cd67a5b, upsert',
      known: 'docs',
      before: async s => {
        await s.stored(s.file());
        const again = storeOf(s.paths.study, [s.file({ '00100010': ['PN', 'New^Name'] })]);
        expect(await s.send({ ...again, method: 'PUT' })).toMatchObject({ status: 200 });
      },
      request: s => ({ path: `${s.paths.instance}/metadata` }),
      status: 200,
      text: /"New\^Name"/,
    },
    {
      title: 'an expiry without its option: 400',
      source: 'azure-docs 7474dff6, expiry headers; text ours',
      known: 'ours',
      request: s => {
        const sent = storeOf('/v2/studies', [s.file()]);
        const headers = { ...sent.headers, 'msdicom-expiry-time-milliseconds': '10' };
        return { ...sent, headers };
      },
      status: 400,
    },
    {
      title: 'an expiry of 0: 400',
      source: 'azure-docs 7474dff6: "integer greater than 0"',
      known: 'docs',
      request: s => {
        const sent = storeOf('/v2/studies', [s.file()]);
        const expiry = {
          'msdicom-expiry-option': 'RelativeToNow',
          'msdicom-expiry-time-milliseconds': '0',
        };
        return { ...sent, headers: { ...sent.headers, ...expiry } };
      },
      status: 400,
    },
    {
      title: 'an expiry is taken',
      source: 'azure-docs 7474dff6',
      known: 'docs',
      request: s => {
        const sent = storeOf('/v2/studies', [s.file()]);
        const expiry = {
          'msdicom-expiry-option': 'RelativeToNow',
          'msdicom-expiry-time-milliseconds': '86400000',
        };
        return { ...sent, headers: { ...sent.headers, ...expiry } };
      },
      status: 200,
    },
    {
      title: 'a bare */* retrieves a study',
      source: 'conformance statement v2, 01ff6a16',
      known: 'docs',
      before: s => s.stored(s.file()),
      request: s => ({ path: s.paths.study }),
      status: 200,
      headers: { 'content-type': /^multipart\/related; boundary=/ },
    },
  ],
};
