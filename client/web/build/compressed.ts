/**
 * Writes each text and WebAssembly file a second and third time, compressed, for the relay to hand out as they are; and
 * holds the client to what a slow phone can be asked to fetch before it shows anything.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const KiB = 1024;
const FIRST_LOAD_KIB = 400;
const COMPRESSIBLE = /\.(?:js|css|html|svg|json|webmanifest|wasm|txt)$/;
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

/** Bytes of what the browser fetches before the first screen: the page, what it names, and the engine with its WebAssembly. */
export function firstLoad(html: string, sizes: Sizes): number {
  const isFirst = (path: string): boolean => path === 'index.html' || html.includes(`"/${path}"`) || /^assets\/engine-|\.wasm$/.test(path);
  return [...sizes].reduce((total, [path, bytes]) => (isFirst(path) ? total + bytes : total), 0);
}

export const compressed = (): Plugin => {
  let directory = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved: (config) => void (directory = config.build.outDir),
    closeBundle() {
      const sizes = compressAll(directory);
      const total = firstLoad(readFileSync(join(directory, 'index.html'), 'utf8'), sizes) / KiB;
      const sentence = `first load: ${total.toFixed(1)} KiB with gzip, fonts apart; ${FIRST_LOAD_KIB} at most`;
      if (total > FIRST_LOAD_KIB) this.error(sentence);
      console.log(sentence);
    },
  };
};
