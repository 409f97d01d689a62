/**
 * Writes each text and WebAssembly file a second and third time, compressed, for the relay to hand out as they are; and
 * holds the client to what a slow phone can be asked to fetch before it shows anything.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const KiB = 1024;
const FIRST_LOAD_KIB = 400;
export const COMPRESSIBLE = /\.(?:js|css|html|svg|json|webmanifest|wasm|txt)$/;
/** A smaller file fits into the first packets anyway. */
const WORTH_IT = KiB;

/** Size of a file after gzip, in bytes, by its path below the output folder. */
export type Sizes = ReadonlyMap<string, number>;

/** @returns what it wrote, and for which file */
export function compressAll(directory: string): Sizes {
  const sizes = new Map<string, number>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const gzip = gzipSync(bytes, { level: 9 });
    sizes.set(relative(directory, path).replaceAll('\\', '/'), Math.min(gzip.length, bytes.length));
    if (bytes.length < WORTH_IT) continue;
    writeFileSync(`${path}.gz`, gzip);
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }));
  }
  return sizes;
}

/** What a chunk cannot run without. What it fetches later stands in brackets: `import(…)`. */
const STATIC_IMPORT = /\b(?:from|import)\s*(["'`])\.\/([^"'`]+)\1/g;

/**
 * Bytes of what the browser fetches before the first screen: the page, what it names, what that imports, and so on. The
 * engine and its WebAssembly are named by their whole address, and so is nothing that is only fetched later.
 * @returns undefined where the way from the page to the WebAssembly is not found: then this counts too little
 */
export function firstLoad(directory: string, sizes: Sizes): number | undefined {
  const found = new Set(['index.html']);
  for (const path of found) {
    if (!/\.(?:html|js)$/.test(path)) continue;
    const text = readFileSync(join(directory, path), 'utf8');
    for (const named of sizes.keys()) if (text.includes(`/${named}`)) found.add(named);
    for (const [, , imported] of text.matchAll(STATIC_IMPORT)) found.add(posix.join(posix.dirname(path), imported as string));
  }
  if (![...found].some((path) => path.endsWith('.wasm'))) return undefined;
  return [...found].reduce((total, path) => total + (sizes.get(path) ?? 0), 0);
}

export const compressed = (): Plugin => {
  let directory = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved: (config) => void (directory = config.build.outDir),
    closeBundle() {
      const sizes = compressAll(directory);
      const bytes = firstLoad(directory, sizes);
      if (bytes === undefined) return this.error('first load: the page no longer leads to the engine in a way that can be followed');
      const total = bytes / KiB;
      const sentence = `first load: ${total.toFixed(1)} KiB with gzip, fonts apart; ${FIRST_LOAD_KIB} at most`;
      if (total > FIRST_LOAD_KIB) this.error(sentence);
      console.log(sentence);
    },
  };
};
