/** Where a browser ended up. */
export interface Arrival {
  /** The last address; one outside of the provider is not fetched. */
  readonly url: URL;
  /** Absent when the address is outside of the provider. */
  readonly response?: Response;
  readonly text: string;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

const MAX_REDIRECTS = 10;

/** As much of a browser as signing in takes: cookies by path, redirects, and forms. */
export class Browser {
  readonly #origin: string;
  #cookies: Cookie[] = [];

  /** @param origin - the provider's; redirects to other origins are where a visit ends. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Opens an address and follows redirects. */
  async visit(address: string | URL, init: RequestInit = {}): Promise<Arrival> {
    let url = new URL(address, this.#origin);
    let request = init;
    for (let hops = 0; hops < MAX_REDIRECTS; hops += 1) {
      if (url.origin !== this.#origin) return { url, text: '' };
      const headers = new Headers(request.headers);
      headers.set('Accept', 'text/html');
      headers.set('Cookie', this.#cookiesFor(url.pathname));
      const response = await fetch(url, { ...request, headers, redirect: 'manual' });
      this.#keep(response, url.pathname);
      const location = response.headers.get('Location');
      if (location === null) return { url, response, text: await response.text() };
      await response.body?.cancel();
      url = new URL(location, url);
      request = {};
    }
    throw new Error(`more than ${MAX_REDIRECTS} redirects, the last one to ${url.pathname}`);
  }

  /** Sends a form to an address. */
  submit(address: string | URL, fields: Record<string, string>): Promise<Arrival> {
    return this.visit(address, { method: 'POST', body: new URLSearchParams(fields) });
  }

  #cookiesFor(path: string): string {
    return this.#cookies
      .filter(cookie => path === cookie.path || path.startsWith(`${cookie.path}/`))
      .map(cookie => `${cookie.name}=${cookie.value}`)
      .join('; ');
  }

  #keep(response: Response, requestPath: string): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/; */);
      const [name = '', value = ''] = pair.split('=', 2);
      const path = attributes.find(one => /^path=/i.test(one))?.slice(5) ?? requestPath;
      this.#cookies = this.#cookies.filter(one => one.name !== name || one.path !== path);
      if (value !== '') this.#cookies.push({ name, value, path });
    }
  }
}
