import type { CDPSession, Page } from 'playwright-core';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  /** Microseconds. */
  timeDeltas: number[];
}

/** Watches the page's main thread with the browser's own profiler. */
export class MainThread {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async watch(page: Page): Promise<MainThread> {
    const session = await page.context().newCDPSession(page);
    await session.send('Profiler.enable');
    await session.send('Profiler.setSamplingInterval', { interval: 2_000 });
    await session.send('Profiler.start');
    return new MainThread(session);
  }

  /**
   * The longest time in one go, in milliseconds, that scripts of this address were busy, whatever they called.
   *
   * @param address - a part of the scripts' URL
   */
  async longest(address: string): Promise<number> {
    const { profile } = (await this.#session.send('Profiler.stop')) as { profile: Profile };
    const isOurs = ownNodes(profile, address);
    let longest = 0;
    let current = 0;
    profile.samples.forEach((node, index) => {
      const us = profile.timeDeltas[index + 1] ?? 0;
      current = isOurs.has(node) ? current + us : 0;
      longest = Math.max(longest, current);
    });
    return longest / 1000;
  }
}

/** Nodes of the call tree at or below a function of that address. */
function ownNodes({ nodes }: Profile, address: string): Set<number> {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const found = new Set<number>();
  const walk = (id: number, isBelow: boolean): void => {
    const node = byId.get(id);
    if (!node) return;
    const isOurs = isBelow || node.callFrame.url.includes(address);
    if (isOurs) found.add(id);
    node.children?.forEach(child => walk(child, isOurs));
  };
  const [root] = nodes;
  if (root) walk(root.id, false);
  return found;
}
