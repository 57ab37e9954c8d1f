import { act, fireEvent, render, screen } from '@testing-library/react';
import { StoreError } from '@ohif-azure/dicomweb';
import { ReportController } from '../report/ReportController.ts';
import { ReportStatus } from './ReportStatus.tsx';

const find = (id: string) => document.querySelector(`[data-cy="${id}"]`);

async function refused(code: 'ERR_STORE_FORBIDDEN' | 'ERR_STORE_THROTTLED') {
  const controller = new ReportController({
    signIn: async () => undefined,
    account: () => undefined,
    download: () => undefined,
  });
  render(<ReportStatus controller={controller} />);
  await act(() =>
    controller
      .save({
        id: 'job',
        sourceName: 'azure',
        name: 'Follow-up',
        archive: 'Archive',
        account: { id: 'rita', displayName: 'Dr Rita Reader' },
        studyInstanceUID: '1.2',
        instances: [{ bytes: new Uint8Array([1]) }],
        client: {
          store: async () => {
            throw new StoreError(code, 'STOW-RS POST https://h/v2: 403 Forbidden');
          },
          settle: async () => 'unknown',
        },
        onStored: () => undefined,
      })
      .then(() => undefined)
  );
  return controller;
}

it('says whether the report is safe, and stays until it is closed', async () => {
  await refused('ERR_STORE_FORBIDDEN');
  const status = find('azure-report-status');
  expect(status?.getAttribute('data-state')).toBe('forbidden');
  expect(status?.textContent).toMatch(/Dr Rita Reader may view.*not saved.*still here/);
  expect(screen.getByRole('status')).toBeTruthy();
  fireEvent.click(find('azure-report-dismiss') as Element);
  expect(find('azure-report-status')).toBeNull();
});

it('keeps status codes behind one press', async () => {
  await refused('ERR_STORE_THROTTLED');
  expect(find('azure-report-status')?.textContent).not.toMatch(/403/);
  fireEvent.click(find('azure-report-details') as Element);
  expect(find('azure-report-status')?.textContent).toMatch(/403 Forbidden/);
});

it.each([
  'azure-report-retry',
  'azure-report-download',
  'azure-report-discard',
  'azure-report-dismiss',
])('offers %s as a button that a keyboard reaches', async id => {
  await refused('ERR_STORE_FORBIDDEN');
  expect(find(id)?.tagName).toBe('BUTTON');
  expect(find(id)?.textContent).not.toBe('');
});
