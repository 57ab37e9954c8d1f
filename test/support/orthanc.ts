import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** A running Orthanc of this machine, with Debian's DICOMweb plugin. */
export interface Orthanc {
  /** The REST root, such as `http://127.0.0.1:41234`. */
  url: string;
  /** The DICOMweb root, `<url>/dicom-web`. */
  dicomwebUrl: string;
  dicomPort: number;
  aeTitle: string;
  /** The folder of its database and configuration. */
  folder: string;
  /** What it has written to its log so far. */
  log(): Promise<string>;
  /** Ends it as a power cut would (SIGKILL) and leaves the folder. */
  kill(): Promise<void>;
  /** Starts it again on the same ports and folder after {@link kill}. */
  restart(): Promise<void>;
  /** Ends it and removes the folder. */
  close(): Promise<void>;
}

const PLUGINS = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/**
 * Starts the machine's own `Orthanc` (Debian: orthanc, orthanc-dicomweb) on free ports with an empty database.
 *
 * @param configuration merged over the defaults; `DicomWeb` is merged one level deep. Authentication is off unless set.
 * @param environment variables that it gets besides those of this process.
 */
export async function startOrthanc(
  configuration: Record<string, unknown> = {},
  environment: Readonly<Record<string, string>> = {}
): Promise<Orthanc> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-orthanc-'));
  const [httpPort, dicomPort] = [await freePort(), await freePort()];
  const { DicomWeb, ...rest } = configuration as { DicomWeb?: Record<string, unknown> };
  const settings = {
    Name: 'Practice',
    StorageDirectory: path.join(folder, 'storage'),
    IndexDirectory: path.join(folder, 'storage'),
    HttpPort: httpPort,
    HttpDescribeErrors: true,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    DicomAet: 'PRACTICE',
    DicomPort: dicomPort,
    DicomAlwaysAllowStore: true,
    StableAge: 1,
    Plugins: [PLUGINS],
    ...rest,
    DicomWeb: { Enable: true, Root: '/dicom-web/', EnableWado: true, ...DicomWeb },
  };
  const file = path.join(folder, 'orthanc.json');
  await writeFile(file, JSON.stringify(settings, null, 2));
  const url = `http://127.0.0.1:${httpPort}`;
  let child: ChildProcess | undefined;

  const start = async () => {
    const logFile = path.join(folder, 'orthanc.log');
    const env = { ...process.env, ...environment };
    child = spawn('Orthanc', [file, `--logfile=${logFile}`], { stdio: 'ignore', env });
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline && child.exitCode === null) {
      if (await answers(`${url}/system`)) return;
      await wait(50);
    }
    throw new Error(`Orthanc did not start: ${await readFile(logFile, 'utf8').catch(() => '')}`);
  };
  const end = async (signal: NodeJS.Signals) => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise(resolve => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  };

  await start();
  return {
    url,
    dicomwebUrl: `${url}/dicom-web`,
    dicomPort,
    aeTitle: 'PRACTICE',
    folder,
    log: () => readFile(path.join(folder, 'orthanc.log'), 'utf8'),
    kill: () => end('SIGKILL'),
    restart: start,
    close: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Any answer will do: with authentication on it is 401. */
async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false
  );
}
