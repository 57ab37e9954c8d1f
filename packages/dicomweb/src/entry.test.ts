import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The modules of the package that an entry reaches, and what it imports from elsewhere. */
function reach(entry: string): { files: Set<string>; others: Set<string> } {
  const files = new Set<string>();
  const others = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, name = ''] of source.matchAll(/(?:from|import\()\s*'([^']+)'/g)) {
      if (name.startsWith('.')) visit(path.resolve(path.dirname(file), name));
      else others.add(name);
    }
  };
  visit(path.join(import.meta.dirname, entry));
  return { files, others };
}

it('the main entry, which browsers load, reaches nothing of Node and no library', () => {
  const { files, others } = reach('index.ts');
  expect([...files].filter(file => file.includes(`${path.sep}node${path.sep}`))).toEqual([]);
  expect([...others]).toEqual(['@ohif-azure/core']);
});

it('the Node entry does', () => {
  expect([...reach('node/index.ts').others]).toContain('node:fs/promises');
});
