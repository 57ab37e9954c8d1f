import { createServer } from 'node:http';
import { isLoopback, listen, originOf } from './listen.ts';

describe('listen', () => {
  it('gives the port it got for port 0', async () => {
    const server = createServer();
    const port = await listen(server, { host: '127.0.0.1', port: 0, what: 'test server' });
    server.close();
    expect(port).toBeGreaterThan(0);
  });

  it('names the port when it is in use', async () => {
    const first = createServer();
    const port = await listen(first, { host: '127.0.0.1', port: 0, what: 'first server' });
    const second = listen(createServer(), { host: '127.0.0.1', port, what: 'second server' });
    await expect(second).rejects.toMatchObject({
      name: 'EmulatorStartError',
      code: 'ERR_EMULATOR_PORT_IN_USE',
      message: `The second server cannot listen on 127.0.0.1:${port}: the port is in use. Stop the program that uses it, or choose another port (0 takes any free one).`,
    });
    first.close();
  });

  it.each([-1, 65_536, 1.5, Number.NaN])('refuses port %p', async port => {
    const listening = listen(createServer(), { host: '127.0.0.1', port, what: 'test server' });
    await expect(listening).rejects.toMatchObject({ code: 'ERR_EMULATOR_OPTION' });
  });

  it('refuses an address of another machine', async () => {
    const listening = listen(createServer(), { host: '192.0.2.1', port: 0, what: 'test server' });
    await expect(listening).rejects.toMatchObject({ code: 'ERR_EMULATOR_OPTION' });
  });
});

it.each([
  ['127.0.0.1', true, 'http://localhost:80'],
  ['127.1.2.3', true, 'http://127.1.2.3:80'],
  ['localhost', true, 'http://localhost:80'],
  ['::1', true, 'http://[::1]:80'],
  ['0.0.0.0', false, 'http://0.0.0.0:80'],
  ['127.0.0.1.example.org', false, 'http://127.0.0.1.example.org:80'],
])('%s: loopback %p, origin %s', (host, loopback, origin) => {
  expect(isLoopback(host)).toBe(loopback);
  expect(originOf(host, 80)).toBe(origin);
});
