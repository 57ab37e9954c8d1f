import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import {
  buildPart10,
  CT_IMAGE_STORAGE,
  instanceElements,
  newUid,
} from '../testing/part10-builder.ts';
import { multipart, startTestService } from '../testing/test-service.ts';
import type { TestService } from '../testing/test-service.ts';

let service: TestService;
beforeEach(async () => {
  service = await startTestService();
});
afterEach(() => service.end());

const DICOM = { 'content-type': 'application/dicom' };
const MULTIPART = { 'content-type': 'multipart/related; type="application/dicom"; boundary=bb' };
const post = (
  body: Uint8Array | string,
  headers: Record<string, string | undefined>,
  path = '/v2/studies'
) => service.send(path, { method: 'POST', headers, body });
const incoming = () => readdir(join(service.dataDir, '.incoming'));
const items = (dataSet: JsonDataSet, tag: string) => (dataSet[tag]?.Value ?? []) as JsonDataSet[];

describe('answers (reference 1.2, 1.3)', () => {
  it('200 with study in the path: exact shape', async () => {
    const [study, series, instance] = [newUid(), newUid(), newUid()];
    const elements = instanceElements({
      '00080018': ['UI', instance],
      '0020000D': ['UI', study],
      '0020000E': ['UI', series],
    });
    const answer = await service.store([buildPart10(elements)], `/v2/studies/${study}`);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/dicom+json; charset=utf-8');
    const root = `${service.url}/v2/studies/${study}`;
    expect(answer.json()).toEqual({
      '00081190': { vr: 'UR', Value: [root] },
      '00081199': {
        vr: 'SQ',
        Value: [
          {
            '00081150': { vr: 'UI', Value: [CT_IMAGE_STORAGE] },
            '00081155': { vr: 'UI', Value: [instance] },
            '00081190': { vr: 'UR', Value: [`${root}/series/${series}/instances/${instance}`] },
            '00741048': { vr: 'SQ' },
          },
        ],
      },
    });
    expect(await incoming()).toEqual([]);
  });

  it('v1 has no FailedAttributesSequence on success', async () => {
    const answer = await service.store([buildPart10(instanceElements())], '/v1/studies');
    const [item] = items(answer.json<JsonDataSet>(), '00081199');
    expect(answer.status).toBe(200);
    expect(Object.keys(item ?? {}).sort()).toEqual(['00081150', '00081155', '00081190']);
  });

  it('202 when some fail, with exactly three keys when the study is in the path', async () => {
    const study = newUid();
    const good = buildPart10(instanceElements({ '0020000D': ['UI', study] }));
    const other = buildPart10(instanceElements());
    const answer = await service.store([good, other, Buffer.from('junk')], `/v2/studies/${study}`);
    const dataSet = answer.json<JsonDataSet>();
    expect(answer.status).toBe(202);
    expect(Object.keys(dataSet).sort()).toEqual(['00081190', '00081198', '00081199']);
    const [mismatch, junk] = items(dataSet, '00081198');
    expect(mismatch).toMatchObject({ '00081197': { vr: 'US', Value: [43264] } });
    expect(junk).toEqual({ '00081197': { vr: 'US', Value: [43264] } });
  });

  it('409 with one key when all fail; 45070 without a comment', async () => {
    const file = buildPart10(instanceElements());
    expect((await service.store([file, file])).status).toBe(202);
    const answer = await service.store([file]);
    expect(answer.status).toBe(409);
    const dataSet = answer.json<JsonDataSet>();
    expect(Object.keys(dataSet)).toEqual(['00081198']);
    expect(items(dataSet, '00081198')).toEqual([
      {
        '00081150': { vr: 'UI', Value: [CT_IMAGE_STORAGE] },
        '00081155': { vr: 'UI', Value: [expect.any(String)] },
        '00081197': { vr: 'US', Value: [45070] },
      },
    ]);
    expect(service.instanceCount()).toBe(1);
  });

  it('of simultaneous requests with one instance, one stores it', async () => {
    const file = buildPart10(instanceElements());
    const answers = await Promise.all(Array.from({ length: 8 }, () => service.store([file])));
    const statuses = answers.map(answer => answer.status).sort();
    expect(statuses).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
    const reasons = answers
      .filter(answer => answer.status === 409)
      .map(answer => items(answer.json<JsonDataSet>(), '00081198')[0]?.['00081197']?.Value?.[0]);
    for (const reason of reasons) expect([45070, 45071]).toContain(reason);
  });

  it('a single-part body stores one instance', async () => {
    expect(await post(buildPart10(instanceElements()), DICOM)).toMatchObject({ status: 200 });
    expect(service.instanceCount()).toBe(1);
  });
});

describe('refused requests store nothing (reference 1.1)', () => {
  const part = (type: string) =>
    Buffer.concat([
      Buffer.from(`--bb\r\n${type === '' ? '' : `Content-Type: ${type}\r\n`}\r\n`),
      buildPart10(instanceElements()),
      Buffer.from('\r\n'),
    ]);
  const end = Buffer.from('--bb--\r\n');
  const good = part('application/dicom');
  const rows: [string, Record<string, string | undefined>, Buffer[], number, string][] = [
    ['another type', { 'content-type': 'multipart/form-data; boundary=bb' }, [good, end], 415, ''],
    ['no type', {}, [good, end], 415, "The specified content type '' is not supported."],
    [
      'no boundary',
      { 'content-type': 'multipart/related; type="application/dicom"' },
      [good, end],
      415,
      `The content type 'multipart/related; type="application/dicom"' is either not multipart or is missing boundary.`,
    ],
    [
      'start',
      { 'content-type': 'multipart/related; boundary=bb; start="<a>"' },
      [good, end],
      400,
      'The start parameter in multipart/related request is not supported.',
    ],
    [
      'a parameter of a part',
      MULTIPART,
      [good, part('application/dicom; transfer-syntax=1.2.840.10008.1.2.1'), end],
      415,
      "The specified content type 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1' is not supported.",
    ],
    [
      'a parameter of the single part',
      { 'content-type': 'application/dicom; transfer-syntax=1.2' },
      [good],
      415,
      "The specified content type 'application/dicom; transfer-syntax=1.2' is not supported.",
    ],
    [
      'a later part without a type',
      MULTIPART,
      [good, part(''), end],
      415,
      "The specified content type '' is not supported.",
    ],
    [
      'DICOM JSON',
      MULTIPART,
      [part('application/dicom+json'), end],
      415,
      "The specified content type 'application/dicom+json' is not supported.",
    ],
    [
      'a body that ends in headers',
      MULTIPART,
      [good, Buffer.from('--bb\r\nContent-T')],
      400,
      'Unexpected end of Stream, the content may have already been read by another component. ',
    ],
    ['no Accept', { ...MULTIPART, accept: undefined }, [good, end], 406, ''],
    ['another Accept', { ...MULTIPART, accept: 'application/dicom' }, [good, end], 406, ''],
  ];

  it.each(rows)('%s', async (_, headers, body, status, text) => {
    const answer = await post(Buffer.concat(body), headers);
    expect({ status: answer.status, text: answer.text }).toEqual({ status, text });
    expect(service.instanceCount()).toBe(0);
    expect(await incoming()).toEqual([]);
  });

  it('a bad study in the path', async () => {
    const answer = await post(multipart([], 'bb'), MULTIPART, '/v2/studies/1.2.a');
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(
      /^Dicom element 'StudyInstanceUid' failed validation for VR 'UI': /
    );
  });
});

describe('odd bodies which are served (reference 1.1, 1.2)', () => {
  const file = () => buildPart10(instanceElements());
  const head = Buffer.from('--bb\r\nContent-Type: application/dicom\r\n\r\n');

  it('no part: 204 without a body', async () => {
    for (const body of ['--bb--\r\n', '--bb\r\n\r\n--bb--\r\n', '']) {
      const answer = await post(Buffer.from(body), MULTIPART);
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
    }
  });

  it('the first part may leave its type to the outer one', async () => {
    const body = Buffer.concat([Buffer.from('--bb\r\n\r\n'), file(), Buffer.from('\r\n--bb--')]);
    expect(await post(body, MULTIPART)).toMatchObject({ status: 200 });
  });

  it('an unfinished part is dropped, earlier ones are stored', async () => {
    const second = file();
    const body = Buffer.concat([head, file(), Buffer.from('\r\n'), head, second]);
    expect(await post(body, MULTIPART)).toMatchObject({ status: 200 });
    expect(service.instanceCount()).toBe(1);
    expect(await post(Buffer.concat([head, second]), MULTIPART)).toMatchObject({ status: 204 });
    expect(await incoming()).toEqual([]);
  });

  it.each([
    ['ends within the pixel data', (whole: Buffer) => whole.subarray(0, -4)],
    ['ends within the data set', (whole: Buffer) => whole.subarray(0, 500)],
    ['is empty', () => Buffer.alloc(0)],
  ])('a file which %s fails alone', async (_, cut) => {
    const answer = await service.store([cut(file()), file()]);
    expect(answer.status).toBe(202);
    expect(items(answer.json<JsonDataSet>(), '00081198')).toEqual([
      { '00081197': { vr: 'US', Value: [43264] } },
    ]);
  });
});
