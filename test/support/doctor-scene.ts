import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TestHooks, type Fault } from '../e2e/support/faults.ts';
import { startStack, type Stack } from '../e2e/support/stack.ts';

export const CLIENT_SECRET = 'relay-secret';
export const OTHER_TENANT = '11111111-2222-4333-8444-555555555555';
export const AUDIENCE = 'https://dicom.healthcareapis.azure.com';

/** How the command is called. */
export interface Call {
  args: string[];
  env?: Record<string, string>;
}

/** What is wrong, how it is brought about, and how doctor must name it. */
export type FaultRow = [
  cite: string,
  arrange: (scene: DoctorScene) => Promise<Call>,
  status: 'warn' | 'fail',
  fault: string,
];

/** A configuration with one data source of ours. */
export const dataSource = (configuration: object) => ({
  dataSources: [
    {
      namespace: '@ohif-azure/extension-azure.dataSourcesModule.azure-dicomweb',
      sourceName: 'azure',
      configuration,
    },
  ],
});

/** The running stack, and what an administrator has of it. */
export class DoctorScene {
  readonly stack: Stack;
  readonly folder: string;
  readonly dicom: TestHooks;
  readonly identity: TestHooks;

  private constructor(stack: Stack, folder: string) {
    this.stack = stack;
    this.folder = folder;
    this.dicom = new TestHooks(stack.dicom);
    this.identity = new TestHooks(stack.identity);
  }

  static async open(): Promise<DoctorScene> {
    const folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-doctor-'));
    return new DoctorScene(await startStack(), folder);
  }

  async close(): Promise<void> {
    await this.stack.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Everything goes right again. */
  async clear(): Promise<void> {
    await Promise.all([this.dicom.clear(), this.identity.clear()]);
  }

  /** Client credentials of the local stack. */
  credentials(): Record<string, string> {
    return {
      OAUTH_CLIENT_ID: 'relay',
      OAUTH_CLIENT_SECRET: CLIENT_SECRET,
      OAUTH_TOKEN_ENDPOINT: `${this.stack.identity.replace(/\/v2\.0$/, '')}/oauth2/v2.0/token`,
    };
  }

  viewer(): string[] {
    return ['--viewer', this.stack.viewer];
  }

  signIn(changes: object = {}): object {
    return { authority: this.stack.identity, clientId: 'ohif-viewer', ...changes };
  }

  /** Writes a configuration, as an administrator might have it. @returns the flag that names it */
  async config(content: string | object): Promise<string[]> {
    const file = path.join(this.folder, 'azure.js');
    const text =
      typeof content === 'string' ? content : `window.config = ${JSON.stringify(content)};`;
    await writeFile(file, text);
    return ['--config', file];
  }

  /** A configuration that is right, but for these changes. */
  good(signIn: object = {}, more: object = {}): Promise<string[]> {
    const serviceUrl = new URL(this.stack.dicom).origin;
    return this.config(dataSource({ serviceUrl, signIn: this.signIn(signIn), ...more }));
  }

  /** A 401 of the service. */
  challenge(rest: string): Omit<Fault, 'match'> {
    return {
      status: 401,
      headers: { 'WWW-Authenticate': `Bearer authorization_uri="${this.stack.identity}"${rest}` },
    };
  }
}

/** A deployment that is right but for an injected fault. */
export const withFault =
  (part: 'dicom' | 'identity', fault: Fault | (() => Fault)) =>
  async (scene: DoctorScene): Promise<Call> => {
    await scene[part].inject(typeof fault === 'function' ? fault() : fault);
    return { args: [...(await scene.good()), ...scene.viewer()], env: scene.credentials() };
  };

export const SEARCH = { method: 'GET', path: '^/v2/studies$' };

/** An access token that nobody signed, with these claims. */
export function unsignedToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const common = {
    iss: `https://sts.windows.net/${OTHER_TENANT}/`,
    tid: OTHER_TENANT,
    oid: 'o',
    exp: now + 3600,
  };
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ ...common, ...claims })}.c2lnbmF0dXJl`;
}
