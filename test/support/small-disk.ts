import { spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder, if possible on a disk of its own that can be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** False: this account may not mount one. */
  readonly canBeFull: boolean;
  /** Takes all the room that is left. */
  fill(): Promise<void>;
  /** Gives it back. */
  free(): Promise<void>;
  close(): Promise<void>;
}

const BLOCK = Buffer.alloc(4096);

/** @param size - as `mount -o size=` takes it. */
export async function smallDisk(size: string): Promise<SmallDisk> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  const canBeFull = status === 0;
  const filler = path.join(folder, 'filler');
  return {
    folder,
    canBeFull,
    fill: async () => {
      try {
        for (;;) await appendFile(filler, BLOCK);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    free: () => rm(filler, { force: true }),
    close: async () => {
      if (canBeFull) spawnSync('umount', [folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
