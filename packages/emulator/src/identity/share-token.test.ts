import { decodeProtectedHeader, jwtVerify } from 'jose';
import { createShareToken, type ShareTokenOptions } from './share-token.ts';

const secret = 'a secret that both sides know';
const studyInstanceUID = '1.2.826.0.1.3680043.8.498.1';
const now = () => Date.UTC(2026, 0, 2, 3, 4, 5);

async function claimsOf(options: Partial<ShareTokenOptions>) {
  const shareToken = await createShareToken({ secret, studyInstanceUID, now, ...options });
  expect(decodeProtectedHeader(shareToken)).toEqual({ alg: 'HS256', typ: 'JWT' });
  return (await jwtVerify(shareToken, new TextEncoder().encode(secret))).payload;
}

describe('createShareToken (orthanc.md section 5.1)', () => {
  it('has exactly the claims of a resource token', async () => {
    expect(await claimsOf({ orthancId: 'aaaa-bbbb' })).toEqual({
      id: expect.any(String),
      resources: [
        { dicom_uid: studyInstanceUID, orthanc_id: 'aaaa-bbbb', url: null, level: 'study' },
      ],
      type: 'viewer-instant-link',
      expiration_date: '2026-01-02T03:07:25.000Z',
      validity_duration: 200,
    });
  });

  it('never expires without a validity', async () => {
    expect(await claimsOf({ validitySeconds: null })).toMatchObject({
      expiration_date: null,
      validity_duration: null,
    });
  });

  it('takes the type and the validity', async () => {
    const type = 'ohif-viewer-publication';
    expect(await claimsOf({ type, validitySeconds: 60 })).toMatchObject({
      type,
      expiration_date: '2026-01-02T03:05:05.000Z',
      validity_duration: 60,
      resources: [{ orthanc_id: null }],
    });
  });

  it.each([
    ['an empty secret', { secret: '' }],
    ['no UID', { studyInstanceUID: '' }],
    ['a UID of 65 characters', { studyInstanceUID: '1'.repeat(65) }],
    ['a validity of 0', { validitySeconds: 0 }],
    ['a validity that is no number', { validitySeconds: NaN }],
  ])('refuses %s', async (_what, options) => {
    await expect(createShareToken({ secret, studyInstanceUID, now, ...options })).rejects.toThrow(
      TypeError
    );
  });
});
