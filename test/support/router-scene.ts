import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDicomService, type RunningDicomService } from '@ohif-azure/emulator';
import {
  readRelaySettings,
  startRelay,
  type RelaySettings,
  type RunningRelay,
} from '@ohif-azure/relay';
import { createDicomwebClient, type DicomwebClient } from '@ohif-azure/dicomweb';
import { pino } from 'pino';
import { dicomSender, type DicomSender } from './dicom-sender.ts';
import { freePort } from './free-port.ts';
import { startOrthanc, type Orthanc } from './orthanc.ts';
import { PickyService, type Fate } from './picky-service.ts';

/** The relay's credential in the tests. */
export const CREDENTIAL = { username: 'operator', password: 'MARKER-password' };
export const AUTHORIZATION = `Basic ${Buffer.from(`${CREDENTIAL.username}:${CREDENTIAL.password}`).toString('base64')}`;

/** A page of `GET /queue`. */
export interface Queue {
  readonly entries: readonly Record<string, string | number | undefined>[];
  readonly next?: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** Waits until `check` gives something, and gives it. */
export async function until<Found>(
  what: string,
  check: () => Promise<Found | undefined | false>,
  timeoutMs = 60_000
): Promise<Found> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** What a test may choose. */
export interface SceneOptions {
  /** Member `routing` of the configuration; polls and pauses are short unless it says otherwise. */
  readonly routing?: Record<string, unknown>;
  readonly quietSeconds?: number;
  readonly profile?: 'hosted' | 'open-source';
  readonly orthanc?: Record<string, unknown>;
}

/** A modality, the real Orthanc, the relay, and the emulator in place of Azure. */
export class RouterScene {
  readonly #options: SceneOptions;
  readonly #folder: string;
  readonly #azurePort: number;
  readonly orthanc: Orthanc;
  readonly modality: DicomSender;
  azure: RunningDicomService | undefined;
  relay: RunningRelay | undefined;
  #picky: PickyService | undefined;
  readonly log: string[] = [];

  private constructor(options: SceneOptions, folder: string, azurePort: number, orthanc: Orthanc) {
    this.#options = options;
    this.#folder = folder;
    this.#azurePort = azurePort;
    this.orthanc = orthanc;
    this.modality = dicomSender(orthanc);
  }

  /** Starts all but the relay. */
  static async start(options: SceneOptions = {}): Promise<RouterScene> {
    const folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-router-'));
    const orthanc = await startOrthanc(options.orthanc);
    const scene = new RouterScene(options, folder, await freePort(), orthanc);
    await scene.startAzure();
    return scene;
  }

  get serviceUrl(): string {
    return `http://127.0.0.1:${this.#azurePort}/v2`;
  }

  get dataFolder(): string {
    return path.join(this.#folder, 'ledger');
  }

  /** A client of the emulator. */
  get client(): DicomwebClient {
    return createDicomwebClient({ serviceUrl: this.serviceUrl, dialect: 'azure' });
  }

  async startAzure(): Promise<void> {
    this.azure = await startDicomService({
      port: this.#azurePort,
      auth: 'none',
      dataDir: path.join(this.#folder, 'azure'),
      profile: this.#options.profile ?? 'open-source',
      testHooks: true,
    });
  }

  /** From the next start of the relay on, the service fails over the instance whenever it comes. */
  async failOver(sopInstanceUID: string, fate: Fate): Promise<void> {
    this.#picky ??= await PickyService.start(`http://127.0.0.1:${this.#azurePort}`);
    this.#picky.fates.set(sopInstanceUID, fate);
  }

  async stopAzure(): Promise<void> {
    await this.azure?.close();
    this.azure = undefined;
  }

  /** Environment and configuration of a relay of this scene. */
  configuration(): { env: Record<string, string>; config: Record<string, unknown> } {
    const { routing = {}, quietSeconds = 1 } = this.#options;
    const serviceUrl = this.#picky ? `${this.#picky.url}/v2` : this.serviceUrl;
    return {
      env: {
        ORTHANC_URL: this.orthanc.url,
        RELAY_PORT: '0',
        RELAY_USERNAME: CREDENTIAL.username,
        RELAY_PASSWORD: CREDENTIAL.password,
        RELAY_DATA: this.dataFolder,
        RELAY_QUIET_SECONDS: String(quietSeconds),
      },
      config: {
        servers: {
          'azure-dicom': { serviceUrl, credential: 'none', retrySeconds: 0 },
        },
        routing: { pollMs: 100, maxPauseSeconds: 1, ...routing },
      },
    };
  }

  settings(): RelaySettings {
    const { env, config } = this.configuration();
    return readRelaySettings(env, { config });
  }

  async startRelay(settings: Partial<RelaySettings> = {}): Promise<RunningRelay> {
    const logger = pino({}, { write: (line: string) => void this.log.push(line) });
    this.relay = await startRelay({ ...this.settings(), logger, ...settings });
    return this.relay;
  }

  async stopRelay(): Promise<void> {
    await this.relay?.close();
    this.relay = undefined;
  }

  async #ask(pathAndQuery: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: AUTHORIZATION, 'content-type': 'application/json' };
    return fetch(`${this.relay?.url}${pathAndQuery}`, { headers, ...init });
  }

  async queue(query = ''): Promise<Queue> {
    return (await (await this.#ask(`/queue${query}`)).json()) as Queue;
  }

  /** The ledger's counts by state. */
  async counts(): Promise<Readonly<Record<'sent' | 'gone' | 'dead' | 'waiting', number>>> {
    return (await this.queue('?limit=1')).counts as Record<
      'sent' | 'gone' | 'dead' | 'waiting',
      number
    >;
  }

  async post(action: 'retry' | 'drop', body: unknown): Promise<{ changed: number }> {
    const answer = await this.#ask(`/queue/${action}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { changed: number };
  }

  async status(): Promise<Record<string, unknown>> {
    const { data } = (await (await this.#ask('/status')).json()) as {
      data: Record<string, unknown>;
    };
    return data.auto_router as Record<string, unknown>;
  }

  async metrics(): Promise<string> {
    return (await this.#ask('/metrics')).text();
  }

  /** Waits until the ledger counts so many, and nothing waits. */
  async settled(counts: Readonly<Record<string, number>>): Promise<void> {
    let last: Queue | undefined;
    await until(
      `the queue to count ${JSON.stringify(counts)} (has ${JSON.stringify(last)})`,
      async () => {
        last = await this.queue('?limit=1');
        return Object.entries({ waiting: 0, ...counts }).every(
          ([state, n]) => last?.counts[state] === n
        );
      }
    ).catch(async (error: Error) => {
      throw new Error(
        `${error.message}; has ${JSON.stringify(last?.counts)}; status ${JSON.stringify(await this.status())}`
      );
    });
  }

  /** Makes requests to the service fail, see the emulator's test hooks. */
  async fault(fault: Record<string, unknown>): Promise<void> {
    const url = `http://127.0.0.1:${this.#azurePort}/_test/faults`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(fault) });
    if (!answer.ok) throw new Error(`fault: ${answer.status} ${await answer.text()}`);
  }

  async noFaults(): Promise<void> {
    await fetch(`http://127.0.0.1:${this.#azurePort}/_test/faults`, { method: 'DELETE' });
  }

  async storeRequests(): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${this.#azurePort}/_test/requests`);
    const requests = (await answer.json()) as { method: string; path: string }[];
    return requests.filter(({ method }) => method === 'POST').length;
  }

  /** SOP Instance UIDs in the emulator, each as often as it is there. */
  async storedUIDs(): Promise<string[]> {
    const uids: string[] = [];
    for await (const row of this.client.allInstances()) {
      const [uid] = (row['00080018']?.Value ?? []) as string[];
      if (uid) uids.push(uid);
    }
    return uids.sort();
  }

  async close(): Promise<void> {
    await this.stopRelay();
    await this.#picky?.close();
    await this.stopAzure();
    await this.orthanc.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
