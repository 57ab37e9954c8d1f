import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDicomService, startIdentityProvider } from '@ohif-azure/emulator';
import { readRelaySettings, startRelay } from '@ohif-azure/relay';
import { pino } from 'pino';
import { storeBody, syntheticInstance } from '../support/synthetic-study.js';

/** The relay signs in with the emulator's identity provider, and the emulator checks its access tokens. */
it('client credentials: stores with access tokens that live for two seconds only', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-access-'));
  const identity = await startIdentityProvider({
    port: 0,
    viewerOrigins: ['http://localhost:3000'],
    accessTokenSeconds: 2,
  });
  const { issuer, jwksUri, audience, authority, roleOf } = identity;
  const azure = await startDicomService({
    port: 0,
    dataDir: folder,
    auth: 'signature',
    identity: { issuers: [issuer], jwksUri, audience, authority },
    roleOf,
  });
  const discovery = await fetch(`${authority}/.well-known/openid-configuration`);
  const { token_endpoint: tokenEndpoint } = (await discovery.json()) as Record<string, string>;
  const log: string[] = [];
  const start = (secret: string) =>
    startRelay({
      ...readRelaySettings({
        OAUTH_CLIENT_ID: 'relay',
        OAUTH_CLIENT_SECRET: secret,
        OAUTH_TOKEN_ENDPOINT: tokenEndpoint,
        DICOM_SERVICE_URL: `${azure.url}/v2`,
        RELAY_PORT: '0',
        RELAY_DATA: path.join(folder, `relay-${secret}`),
      }),
      logger: pino({}, { write: (line: string) => void log.push(line) }),
    });
  const post = (url: string, instance: number) => {
    const boundary = `b-${instance}-${url.length}`;
    return fetch(`${url}/servers/azure-dicom/studies`, {
      method: 'POST',
      headers: {
        'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
      },
      body: new Uint8Array(storeBody([syntheticInstance({ instance })], boundary)),
    });
  };

  const relay = await start('relay-secret');
  const endsAt = Date.now() + 4_000;
  let stored = 0;
  while (Date.now() < endsAt) {
    expect((await post(relay.url, stored)).status).toBe(200);
    stored += 1;
    await new Promise(resolve => setTimeout(resolve, 250));
  }
  const metrics = await (await fetch(`${relay.url}/metrics`)).text();
  const renewals = /relay_token_renewals_total\{.*result="obtained"\} (\d+)/.exec(metrics)?.[1];
  expect(Number(renewals)).toBeGreaterThan(1);
  expect(metrics).toContain(
    `relay_instances_total{server="azure-dicom",outcome="stored"} ${stored}`
  );
  expect(await (await fetch(`${relay.url}/status`)).json()).toMatchObject({
    data: { status: 'healthy', servers: [{ access_token: { state: 'obtained' } }] },
  });
  await relay.close();

  const wrong = await start('MARKER-wrong');
  expect((await post(wrong.url, 999)).status).toBe(403);
  expect((await fetch(`${wrong.url}/health/ready`)).status).toBe(503);
  await wrong.close();
  expect(log.join('')).not.toMatch(/MARKER|eyJ/);

  await azure.close();
  await identity.close();
  await rm(folder, { recursive: true, force: true });
}, 30_000);
