import { jest } from '@jest/globals';
import { StoreError, type DicomwebClient, type StoreResult } from '@ohif-azure/dicomweb';
import { withStoreTarget } from './storeTarget.ts';

const RESULT: StoreResult = { httpStatus: 200, instances: [], message: '' };
const INSTANCES = [{ bytes: new Uint8Array(1) }];

function clientWhose(first: () => Promise<StoreResult>) {
  const store = jest.fn<DicomwebClient['store']>(async () => RESULT);
  store.mockImplementationOnce(first);
  return { store, client: withStoreTarget({ store } as unknown as DicomwebClient) };
}
const refusing = (httpStatus: number) => async () => {
  throw new StoreError('ERR_STORE_REFUSED', 'refused', { httpStatus });
};

it.each([404, 405])('goes to /studies when /studies/{study} answers %i', async status => {
  const { store, client } = clientWhose(refusing(status));
  const onProgress = () => undefined;
  expect(await client.store(INSTANCES, { studyInstanceUID: '1.2', onProgress })).toBe(RESULT);
  expect(store.mock.calls.map(([, options]) => options)).toEqual([
    { studyInstanceUID: '1.2', onProgress },
    { onProgress },
  ]);
});

/** Each of these may mean that the server took part of it, or will not take it at all. */
it.each([400, 409, 410, 413, 415, 500, 501])('does not after %i', async status => {
  const { store, client } = clientWhose(refusing(status));
  await expect(client.store(INSTANCES, { studyInstanceUID: '1.2' })).rejects.toMatchObject({
    httpStatus: status,
  });
  expect(store).toHaveBeenCalledTimes(1);
});

it.each(['ERR_STORE_FORBIDDEN', 'ERR_STORE_UNAUTHORIZED', 'ERR_STORE_OUTCOME_UNKNOWN'] as const)(
  'does not after %s',
  async code => {
    const { store, client } = clientWhose(async () => {
      throw new StoreError(code, 'no', { httpStatus: 404 });
    });
    await expect(client.store(INSTANCES, { studyInstanceUID: '1.2' })).rejects.toMatchObject({
      code,
    });
    expect(store).toHaveBeenCalledTimes(1);
  }
);

it('asks once where no study was named', async () => {
  const { store, client } = clientWhose(refusing(404));
  await expect(client.store(INSTANCES)).rejects.toMatchObject({ httpStatus: 404 });
  expect(store).toHaveBeenCalledTimes(1);
});

it('stores once where the server has the target', async () => {
  const { store, client } = clientWhose(async () => RESULT);
  await client.store(INSTANCES, { studyInstanceUID: '1.2' });
  expect(store).toHaveBeenCalledTimes(1);
});
