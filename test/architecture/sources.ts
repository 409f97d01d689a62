/** The project's own source files. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from './table.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const SKIPPED = new Set(['node_modules', 'dist', 'output']);

/**
 * @param folder from the root
 * @param options.generated whether folders of generated code (gen) count too
 */
export function sourcesIn(folder: string, names = /\.(ts|tsx|mjs)$/, { generated = false } = {}): SourceFile[] {
  return pathsIn(folder, generated)
    .filter((file) => names.test(file) && !file.endsWith('.d.ts'))
    .map((file) => ({ path: file, source: readFileSync(path.join(ROOT, file), 'utf8') }));
}

function pathsIn(folder: string, generated: boolean): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap((entry) => {
      const full = `${folder}/${entry.name}`;
      if (!entry.isDirectory()) return [full];
      return SKIPPED.has(entry.name) || (entry.name === 'gen' && !generated) ? [] : pathsIn(full, generated);
    });
}
