import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNTS } from './accounts.ts';
import { LOCAL_TENANT } from './endpoints.ts';
import {
  startIdentityProvider,
  type IdentityProviderOptions,
  type RunningIdentityProvider,
} from './start.ts';
import { Viewer, VIEWER_ORIGIN } from './testing/viewer.ts';

const running: RunningIdentityProvider[] = [];

async function start(options: Partial<IdentityProviderOptions> = {}) {
  const provider = await startIdentityProvider({
    port: 0,
    viewerOrigins: [VIEWER_ORIGIN],
    ...options,
  });
  running.push(provider);
  return provider;
}

afterEach(() => Promise.all(running.splice(0).map(provider => provider.close())));

describe('startIdentityProvider', () => {
  it('names itself as design.md section 8 does', async () => {
    const { port, ...provider } = await start();
    expect(provider).toMatchObject({
      authority: `http://localhost:${port}/${LOCAL_TENANT}/v2.0`,
      issuer: `http://localhost:${port}/${LOCAL_TENANT}/v2.0`,
      jwksUri: `http://localhost:${port}/${LOCAL_TENANT}/discovery/v2.0/keys`,
      audience: 'https://dicom.healthcareapis.azure.com',
    });
  });

  const MISTAKES: [string, Partial<IdentityProviderOptions>, string][] = [
    ['a path in an origin', { viewerOrigins: ['http://localhost:3000/'] }, 'viewerOrigins'],
    ['no URL', { viewerOrigins: ['localhost:3000'] }, 'viewerOrigins'],
    ['a tenant with a slash', { tenant: 'a/b' }, 'tenant'],
    ['a relative path', { redirectPath: 'callback' }, 'redirectPath'],
    ['a relative path', { signedOutPath: '' }, 'signedOutPath'],
    ['a life of 0 seconds', { accessTokenSeconds: 0 }, 'accessTokenSeconds'],
    ['half a second', { accessTokenSeconds: 0.5 }, 'accessTokenSeconds'],
    ['test hooks for all', { testHooks: true, host: '0.0.0.0' }, 'testHooks'],
  ];
  it.each(MISTAKES)('refuses %s and names the option', async (_what, options, name) => {
    await expect(start(options)).rejects.toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(name) })
    );
  });

  it('says when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toMatchObject({ code: 'ERR_EMULATOR_PORT_IN_USE' });
    await new Promise(resolve => other.close(resolve));
  });

  it('gives out localhost when it listens on all addresses', async () => {
    const { issuer } = await start({ host: '0.0.0.0' });
    expect(issuer).toMatch(/^http:\/\/localhost:\d+\//);
  });

  it('sends a person who comes by another name to its own', async () => {
    const provider = await start();
    const url = new Viewer(provider).authorizeUrl();
    const response = await fetch(url.replace('localhost', '127.0.0.1'), { redirect: 'manual' });
    expect(response.status).toBe(307);
    expect(response.headers.get('Location')).toBe(url);
  });

  it('closes while a line is kept alive', async () => {
    const provider = await start();
    await (await fetch(provider.jwksUri)).text();
    await provider.close();
    await expect(fetch(provider.jwksUri)).rejects.toThrow();
  });

  it('keeps sessions, refresh tokens and the signing key over a restart', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'identity-'));
    try {
      const first = await start({ dataDir });
      const viewer = new Viewer(first);
      const { body } = await viewer.redeem(await viewer.signIn(ACCOUNTS[0]!));
      const keys = await (await fetch(first.jwksUri)).json();
      await first.close();

      const second = await start({ dataDir, port: first.port });
      expect(await (await fetch(second.jwksUri)).json()).toEqual(keys);
      expect((await viewer.renew(body.refresh_token)).status).toBe(200);
      const { url } = await viewer.browser.visit(viewer.authorizeUrl({ prompt: 'none' }));
      expect(url.searchParams.get('error')).toBeNull();
      expect(url.searchParams.get('code')).toEqual(expect.any(String));
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  it('forgets all without a folder', async () => {
    const first = await start();
    const viewer = new Viewer(first);
    const { body } = await viewer.redeem(await viewer.signIn(ACCOUNTS[0]!));
    await first.close();
    await start({ port: first.port });
    expect(await viewer.renew(body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('injects faults and lists requests with test hooks', async () => {
    const provider = await start({ testHooks: true });
    const { origin } = new URL(provider.authority);
    await fetch(`${origin}/_test/faults`, {
      method: 'POST',
      body: JSON.stringify({ match: { path: '/token$' }, status: 503, times: 1 }),
    });
    const token = provider.authority.replace(/v2\.0$/, 'oauth2/v2.0/token');
    const broken = await fetch(token, { method: 'POST', headers: { Origin: VIEWER_ORIGIN } });
    expect(broken.status).toBe(503);
    expect(broken.headers.get('Access-Control-Allow-Origin')).toBe(VIEWER_ORIGIN);
    expect(await (await fetch(`${origin}/_test/requests`)).json()).toEqual([
      { method: 'POST', path: new URL(token).pathname, status: 503, credential: 'none' },
    ]);
  });

  it('has no test hooks unless asked', async () => {
    const { origin } = new URL((await start()).authority);
    expect((await fetch(`${origin}/_test/requests`)).status).toBe(404);
  });
});
