import { createServer } from 'node:http';
import { listen, originOf } from '../http/listen.ts';
import { Archive } from '../archive/archive.ts';
import { importFolder, storeFile } from './import.ts';
import type { ImportResult } from './import.ts';
import { completeOptions } from './options.ts';
import type { DicomServiceOptions } from './options.ts';
import { createRequestHandler } from './request-handler.ts';

/** A DICOM service which is up. */
export interface RunningDicomService {
  /** Origin, for example `http://localhost:8080`; the API is below `/v2` and `/v1`. */
  url: string;
  port: number;
  /** Stores one Part 10 file by the rules of v2. */
  storeFile(part10: Uint8Array): Promise<'stored' | 'alreadyStored' | 'rejected'>;
  /** Stores the Part 10 files of a folder and its subfolders by the rules of v2. */
  importFolder(dir: string): Promise<ImportResult>;
  /** How many instances there are. */
  instanceCount(): number;
  /** Cuts all lines, stops listening, and waits for what is being written. */
  close(): Promise<void>;
}

/**
 * Starts the emulator of the Azure DICOM service.
 *
 * @throws {EmulatorStartError} ERR_EMULATOR_PORT_IN_USE, ERR_EMULATOR_DATA_FOLDER or
 *   ERR_EMULATOR_OPTION.
 */
export async function startDicomService(
  options: DicomServiceOptions
): Promise<RunningDicomService> {
  const complete = completeOptions(options);
  const { host } = complete;
  const server = createServer({ requestTimeout: 0 });
  // The port is taken first: the data folder of an emulator which runs already is left alone.
  const port = await listen(server, { host, port: complete.port, what: 'DICOM service' });
  const opening = Archive.open(complete);
  const handling = opening.then(archive => createRequestHandler(complete, archive));
  // Its failure is that of `opening`, which is reported below.
  handling.catch(() => undefined);
  const inHand = new Set<Promise<unknown>>();
  server.on('request', (request, response) => {
    const answering = handling
      .then(
        handle => handle(request, response),
        () => response.destroy()
      )
      .finally(() => inHand.delete(answering));
    inHand.add(answering);
  });
  const closeServer = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  try {
    const archive = await opening;
    return {
      url: originOf(host, port),
      port,
      storeFile: part10 => storeFile(archive, part10),
      importFolder: dir => importFolder(archive, dir),
      instanceCount: () => archive.instanceCount,
      async close() {
        await closeServer();
        await Promise.all(inHand);
        await archive.close();
      },
    };
  } catch (error) {
    await closeServer();
    throw error;
  }
}
