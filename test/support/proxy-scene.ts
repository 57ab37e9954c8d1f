import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDicomwebClient, type DicomwebClient } from '@ohif-azure/dicomweb';
import { startDicomService, type RunningDicomService } from '@ohif-azure/emulator';
import {
  readRelaySettings,
  startRelay,
  type RunningRelay,
  type ServerSettings,
} from '@ohif-azure/relay';
import { pino } from 'pino';
import { startOrthanc, type Orthanc } from './orthanc.ts';
import { freePort } from './free-port.ts';

const CONFIG = path.resolve(import.meta.dirname, '../../platform-config/orthanc');

/** What the configuration files take from the environment. */
const VARIABLES = {
  ORTHANC_USERNAME: 'clinic',
  ORTHANC_PASSWORD: 'MARKER-clinic',
  RELAY_USERNAME: 'orthanc',
  RELAY_PASSWORD: 'MARKER-relay',
};
export const ORTHANC_AUTHORIZATION = `Basic ${Buffer.from('clinic:MARKER-clinic').toString('base64')}`;

/** A job of Orthanc that has ended. */
export interface EndedJob {
  readonly ID: string;
  readonly State: 'Success' | 'Failure';
  readonly ErrorCode: number;
  readonly ErrorDescription: string;
  readonly Content: { readonly FunctionErrorCode?: number; readonly FunctionErrorDetails?: string };
}

/** What a test may choose. */
export interface ProxySceneOptions {
  /** The configuration that Orthanc is started with. Default: the package's. */
  readonly configuration?: 'package' | 'container';
  /** Over that of the file. */
  readonly orthanc?: Record<string, unknown>;
  /** Members of the server entry, over those of the file. */
  readonly entry?: Record<string, unknown>;
  readonly server?: Partial<ServerSettings>;
  readonly profile?: 'hosted' | 'open-source';
}

/** Ports and paths, which a test has of its own. */
const OF_THE_MACHINE = new Set([
  'StorageDirectory',
  'IndexDirectory',
  'HttpPort',
  'DicomPort',
  'DicomAet',
  'Plugins',
]);

/** A configuration file of platform-config/orthanc, without its comments. */
export async function orthancConfiguration(
  which: 'package' | 'container'
): Promise<Record<string, unknown>> {
  const text = await readFile(path.join(CONFIG, which, 'orthanc.json'), 'utf8');
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, '')) as Record<string, unknown>;
}

/** The real Orthanc with a configuration of platform-config, the relay, and the emulator in place of Azure. */
export class ProxyScene {
  readonly #folder: string;
  readonly orthanc: Orthanc;
  readonly azure: RunningDicomService;
  readonly log: string[];
  relay: RunningRelay;

  private constructor(
    folder: string,
    orthanc: Orthanc,
    azure: RunningDicomService,
    relay: RunningRelay,
    log: string[]
  ) {
    this.#folder = folder;
    this.orthanc = orthanc;
    this.azure = azure;
    this.relay = relay;
    this.log = log;
  }

  static async start(options: ProxySceneOptions = {}): Promise<ProxyScene> {
    const folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-proxy-'));
    const azure = await startDicomService({
      port: await freePort(),
      auth: 'none',
      dataDir: path.join(folder, 'azure'),
      profile: options.profile ?? 'open-source',
      testHooks: true,
    });
    const log: string[] = [];
    const settings = readRelaySettings({
      DICOM_SERVICE_URL: `${azure.url}/v2`,
      RELAY_CREDENTIAL: 'none',
      RELAY_PORT: '0',
      RELAY_USERNAME: VARIABLES.RELAY_USERNAME,
      RELAY_PASSWORD: VARIABLES.RELAY_PASSWORD,
      RELAY_DATA: path.join(folder, 'relay'),
      RELAY_STOP_SECONDS: '10',
    });
    const relay = await startRelay({
      ...settings,
      servers: settings.servers.map(server => ({ ...server, ...options.server })),
      logger: pino({}, { write: (line: string) => void log.push(line) }),
    });
    const file = await orthancConfiguration(options.configuration ?? 'package');
    const { DicomWeb, ...rest } = Object.fromEntries(
      Object.entries(file).filter(([name]) => !OF_THE_MACHINE.has(name))
    );
    const { Servers, ...web } = DicomWeb as { Servers: Record<string, Record<string, unknown>> };
    const entry = {
      ...Servers['azure-dicom'],
      Url: `${relay.url}/servers/azure-dicom`,
      ...options.entry,
    };
    const configuration = {
      ...rest,
      StableAge: 1,
      ...options.orthanc,
      DicomWeb: { ...web, Servers: { 'azure-dicom': entry } },
    };
    const orthanc = await startOrthanc(configuration, { ...VARIABLES, TCP_NODELAY: '1' });
    return new ProxyScene(folder, orthanc, azure, relay, log);
  }

  /** A client of the emulator. */
  get client(): DicomwebClient {
    return createDicomwebClient({ serviceUrl: `${this.azure.url}/v2`, dialect: 'azure' });
  }

  /** A request to Orthanc's REST API; its answer as JSON. */
  async ask(
    pathAndQuery: string,
    init: { method?: string; body?: string | Uint8Array } = {}
  ): Promise<unknown> {
    const headers = { authorization: ORTHANC_AUTHORIZATION };
    const answer = await fetch(`${this.orthanc.url}${pathAndQuery}`, {
      headers,
      ...(init as RequestInit),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${pathAndQuery}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Puts instances into Orthanc. @returns Orthanc's ids: of the study of the last one, and of each instance. */
  async upload(files: readonly Uint8Array[]): Promise<{ study: string; instances: string[] }> {
    const instances: string[] = [];
    let study = '';
    for (const body of files) {
      const { ID, ParentStudy } = (await this.ask('/instances', {
        method: 'POST',
        body,
      })) as Record<string, string>;
      instances.push(ID ?? '');
      study = ParentStudy ?? '';
    }
    return { study, instances };
  }

  /** Presses "Send to DICOMweb server". @returns the job's id. */
  async send(...Resources: string[]): Promise<string> {
    const body = JSON.stringify({ Resources, Synchronous: false });
    const uri = '/dicom-web/servers/azure-dicom/stow';
    const { ID } = (await this.ask(uri, { method: 'POST', body })) as { ID: string };
    return ID;
  }

  /** Waits until the job has ended. */
  async ended(id: string): Promise<EndedJob> {
    await this.reached(id, 'Success', 'Failure');
    return (await this.ask(`/jobs/${id}`)) as EndedJob;
  }

  /** Waits until the job has read its last instance. */
  async allRead(id: string): Promise<void> {
    const progress = async () => ((await this.ask(`/jobs/${id}`)) as { Progress: number }).Progress;
    while ((await progress()) < 100) await new Promise(resolve => setTimeout(resolve, 20));
  }

  /** Waits until the job is in one of these states, and tells in which. */
  async reached(id: string, ...states: readonly string[]): Promise<string> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const { State } = (await this.ask(`/jobs/${id}`)) as { State: string };
      if (states.includes(State)) return State;
      if (Date.now() > deadline) throw new Error(`the job is ${State} after a minute`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  async sent(...resources: string[]): Promise<EndedJob> {
    return await this.ended(await this.send(...resources));
  }

  async job(id: string, action: 'pause' | 'resume' | 'cancel' | 'resubmit'): Promise<void> {
    await this.ask(`/jobs/${id}/${action}`, { method: 'POST', body: '{}' });
  }

  /** Makes requests to the service fail, see the emulator's test hooks. */
  async fault(fault: Record<string, unknown>): Promise<void> {
    const match = { method: 'POST', path: '^/v2/studies' };
    const body = JSON.stringify({ match, times: 1, ...fault });
    const answer = await fetch(`${this.azure.url}/_test/faults`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`fault: ${answer.status} ${await answer.text()}`);
  }

  async noFaults(): Promise<void> {
    await fetch(`${this.azure.url}/_test/faults`, { method: 'DELETE' });
  }

  /** SOP Instance UIDs in the emulator. */
  async storedUIDs(): Promise<string[]> {
    const uids: string[] = [];
    for await (const row of this.client.allInstances()) {
      const [uid] = (row['00080018']?.Value ?? []) as string[];
      if (uid) uids.push(uid);
    }
    return uids.sort();
  }

  /** Lines of the relay's log, each parsed. */
  logLines(): Record<string, unknown>[] {
    return this.log.map(line => JSON.parse(line) as Record<string, unknown>);
  }

  async close(): Promise<void> {
    await this.orthanc.close();
    await this.relay.close();
    await this.azure.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
