import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { startDicomService } from '@ohif-azure/emulator';
import type { Browser, Page } from 'playwright-core';
import { startOrthanc } from '../../support/orthanc.ts';
import { ReadingPage } from '../pages/ReadingPage.ts';
import { launchBrowser } from './browser.ts';
import { startCorsProxy } from './cors-proxy.ts';
import { newFolder } from './stack.ts';
import { startViewerSite } from './viewer-site.ts';

/** An archive for the reading tests. */
interface ReadingArchive {
  dicomwebRoot: string;
  dialect: 'azure' | 'standard';
  store(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A viewer with our data source, an archive, and a browser that looks at it. */
export interface ReadingRoom {
  page: Page;
  reading: ReadingPage;
  /** Puts a Part 10 file into the archive, beside the viewer. */
  store(file: string): Promise<void>;
  close(): Promise<void>;
}

/** The emulator as the open-source server is: it also takes Implicit VR, which the managed service does not. */
async function emulator(): Promise<ReadingArchive> {
  const dataDir = await newFolder();
  const service = await startDicomService({
    port: 0,
    auth: 'none',
    profile: 'open-source',
    dataDir,
  });
  return {
    dicomwebRoot: `${service.url}/v2`,
    dialect: 'azure',
    async store(bytes) {
      const outcome = await service.storeFile(bytes);
      if (outcome !== 'stored') throw new Error(`The emulator says: ${outcome}.`);
    },
    async close() {
      await service.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Debian's Orthanc with its DICOMweb plugin. */
async function orthanc(): Promise<ReadingArchive> {
  const server = await startOrthanc();
  const proxy = await startCorsProxy(server.url);
  return {
    dicomwebRoot: `${proxy.origin}/dicom-web`,
    dialect: 'standard',
    async store(bytes) {
      const body = bytes as BodyInit;
      const answer = await fetch(`${server.url}/instances`, { method: 'POST', body });
      if (!answer.ok) throw new Error(`Orthanc answers ${answer.status}.`);
    },
    async close() {
      await proxy.close();
      await server.close();
    },
  };
}

const ARCHIVES = { emulator, orthanc };
export type ArchiveKind = keyof typeof ARCHIVES;

/** Opens the room; the browser is at the viewer's site, with nothing shown. */
export async function readingRoom(kind: ArchiveKind): Promise<ReadingRoom> {
  const [archive, site, browser] = await Promise.all([
    ARCHIVES[kind](),
    startViewerSite(),
    launchBrowser(),
  ]);
  site.setConfig(await viewerConfig(archive));
  const page = await newPage(browser);
  await page.goto(`${site.origin}/app-config.js`);
  return {
    page,
    reading: new ReadingPage(page, site.origin),
    async store(file) {
      await archive.store(await readFile(file)).catch((cause: unknown) => {
        throw new Error(`${file} is not stored.`, { cause });
      });
    },
    async close() {
      await browser.close();
      await Promise.all([site.close(), archive.close()]);
    },
  };
}

async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

/** The shipped settings file, for an archive without sign-in. */
async function viewerConfig({ dicomwebRoot, dialect }: ReadingArchive): Promise<string> {
  const shipped = await readFile(
    path.resolve(import.meta.dirname, '../../../platform-config/orthanc-viewer/app-config.js'),
    'utf8'
  );
  const source = {
    namespace: '@ohif-azure/extension-azure.dataSourcesModule.azure-dicomweb',
    sourceName: 'orthanc',
    configuration: {
      friendlyName: 'Archive',
      qidoRoot: dicomwebRoot,
      wadoRoot: dicomwebRoot,
      dialect,
    },
  };
  const config = shipped
    .replace(/dataSources: \[[\s\S]*?\n {4}\],/, `dataSources: [${JSON.stringify(source)}],`)
    .replace("{ option: 'configure', days: 90 }", "{ option: 'never' }");
  if (!config.includes(dicomwebRoot)) throw new Error('The settings file has no data sources.');
  return config;
}
