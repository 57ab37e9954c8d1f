/**
 * Several data partitions of one service, with the same study in two of them: whatever is done in one is never done to the other. The service
 * is one of the test's own, which takes the access tokens of the stack's identity provider.
 */
import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import {
  DICOM_AUDIENCE,
  SEED_STUDIES,
  startDicomService,
  type RunningDicomService,
} from '@ohif-azure/emulator';
import { areKept } from './support/drafts-on-disk.ts';
import { Archive } from './support/archive.ts';
import { editAppConfig } from './support/app-config.ts';
import { TestHooks } from './support/faults.ts';
import { filesOf, manyStudies } from './support/many-studies.ts';
import { openPractice, type Desk } from './support/practice.ts';
import { newFolder, type Stack } from './support/stack.ts';
import { CT } from './support/studies.ts';

import { until } from './support/until.ts';

const PARTITIONS = ['radiology', 'cardiology'] as const;
type Partition = (typeof PARTITIONS)[number];

const story = openPractice();
let folder: string;
let service: RunningDicomService;

function archivesOf(identity: string): Record<Partition, Archive> {
  const at = (partition: Partition) =>
    new Archive({ dicom: `${service.url}/v2/partitions/${partition}`, identity });
  return { radiology: at('radiology'), cardiology: at('cardiology') };
}

/** The partitions of the service, and what is in them; made at the first story, whose stack issues the access tokens. */
async function openService({ identity }: Stack): Promise<Record<Partition, Archive>> {
  if (service) return archivesOf(identity);
  folder = await newFolder();
  const answer = await fetch(`${identity}/.well-known/openid-configuration`);
  const { issuer, jwks_uri: jwksUri } = (await answer.json()) as Record<string, string>;
  service = await startDicomService({
    auth: 'claims',
    identity: {
      issuers: [issuer ?? ''],
      jwksUri: jwksUri ?? '',
      audience: DICOM_AUDIENCE,
      authority: identity,
    },
    roleOf: () => 'owner',
    port: 0,
    dataDir: folder,
    partitions: true,
    testHooks: true,
  });
  const [ct] = SEED_STUDIES;
  const made = archivesOf(identity);
  for (const archive of Object.values(made)) await archive.storeAll([...(ct?.instances() ?? [])]);
  await made.cardiology.storeAll(filesOf(manyStudies(3)));
  return made;
}

afterAll(async () => {
  await service?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The viewer's settings name that service. */
function usePartitions(page: Page, partitions: string): Promise<void> {
  return editAppConfig(page, text =>
    text.replace(
      /serviceUrl: "[^"]+"/,
      `serviceUrl: ${JSON.stringify(service.url)}, partitions: ${partitions}`
    )
  );
}

const LIST = JSON.stringify(PARTITIONS);
const ADDRESS = `/azure/azure~cardiology?StudyInstanceUIDs=${CT}`;

async function openCardiology(desk: Desk, partitions = LIST): Promise<Record<Partition, Archive>> {
  const archives = await openService(desk.stack);
  for (const archive of Object.values(archives)) await archive.removeReportsOf(CT);
  await new TestHooks(service.url).clear();
  await usePartitions(desk.page, partitions);
  await desk.signIn('owner', ADDRESS);
  await desk.viewer.showsPixels();
  return archives;
}

it(
  'another partition is chosen in the work list; the address, a reload and the studies stay in it',
  story(async ({ page, stack, signIn, workList, viewer }) => {
    await openService(stack);
    await usePartitions(page, LIST);
    await signIn('owner');
    expect(await workList.rows(1)).toHaveLength(1);
    expect(await page.locator('[data-cy="azure-partition"] option').allInnerTexts()).toEqual(
      PARTITIONS
    );
    await page.screenshot({ path: 'test-results/work-list-partitions.png' });

    await workList.choosePartition('cardiology');
    await workList.rows(4);
    expect(new URL(page.url()).searchParams.get('dataSources')).toBe('azure~cardiology');
    await page.reload();
    await workList.rows(4);

    const hooks = new TestHooks(service.url);
    await hooks.forget();
    await workList.open('SYN26000107');
    await viewer.showsPixels();
    expect(new URL(page.url()).pathname).toBe('/azure/azure~cardiology');
    await page.reload();
    await viewer.showsPixels();
    const requests = await hooks.requests();
    const frames = requests.filter(({ path }) =>
      /frames|\/series\/[\d.]+(\/metadata)?$/.test(path)
    );
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.filter(({ path }) => !path.includes('/partitions/cardiology/'))).toEqual([]);
    await page.goBack();
    await workList.rows(4);
  })
);

it(
  'a report goes to the partition of its study, and to no other',
  story(async desk => {
    const { viewer, report } = desk;
    const { radiology, cardiology } = await openCardiology(desk);
    await viewer.measureAndSave('Of cardiology');
    expect(await report.becomes('saved')).toContain('cardiology');
    await viewer.showsReport('Of cardiology');
    await cardiology.onlyReportOf(CT);
    expect(await radiology.reportsOf(CT)).toEqual([]);
  })
);

it(
  'measurements that are kept are brought back in their partition, not in the same study of another',
  story(async desk => {
    const { page, stack, viewer, drafts, report } = desk;
    const { radiology, cardiology } = await openCardiology(desk);
    await viewer.measureLength();
    await areKept(page);
    await page.goto(`${stack.viewer}/azure?StudyInstanceUIDs=${CT}`);
    await viewer.showsPixels();
    await drafts.offers(1);
    await drafts.press('resume');
    await until(
      'the study of the other partition',
      async () => new URL(page.url()).pathname,
      pathname => pathname === '/azure/azure~cardiology'
    );
    await viewer.showsPixels();
    await drafts.offers(1);
    await drafts.press('resume');
    expect(await report.becomes('draft')).toContain('Your measurements are back.');
    await viewer.opensMeasurements();
    await viewer.pressCreateReport();
    await viewer.save('Brought back');
    await report.becomes('saved');
    await cardiology.onlyReportOf(CT);
    expect(await radiology.reportsOf(CT)).toEqual([]);
  })
);

it(
  'a refused report that is kept goes to its partition, from wherever it is saved again',
  story(async desk => {
    const { page, stack, viewer, drafts, report } = desk;
    const { radiology, cardiology } = await openCardiology(desk);
    const hooks = new TestHooks(service.url);
    await hooks.inject({ match: { method: 'POST', path: '/studies' }, status: 403 });
    await viewer.measureAndSave('Kept');
    await report.becomes('forbidden');
    await hooks.clear();
    await page.goto(`${stack.viewer}/azure?StudyInstanceUIDs=${CT}`);
    await viewer.showsPixels();
    await drafts.offers(1);
    await drafts.press('resume');
    expect(await report.becomes('saved')).toContain('cardiology');
    await cardiology.onlyReportOf(CT);
    expect(await radiology.reportsOf(CT)).toEqual([]);
  })
);

it(
  "with 'all' those that the service lists can be chosen",
  story(async desk => {
    const { page, workList } = desk;
    await openCardiology(desk, "'all', partition: 'radiology'");
    await page.goto(`${desk.stack.viewer}/`);
    await workList.rows(1);
    expect(await page.locator('[data-cy="azure-partition"] option').allInnerTexts()).toEqual([
      'radiology',
      'cardiology',
      'Microsoft.Default',
    ]);
    await workList.choosePartition('cardiology');
    await workList.rows(4);
  })
);
