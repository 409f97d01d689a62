/** Builds the web client into dist/web: hashed files, no source maps, nothing inline (the served policy forbids it). */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './build/compressed.ts';
import { nothingInline } from './build/nothing-inline.ts';
import { onlyOurLanguages } from './build/only-our-languages.ts';
import { serviceWorker } from './build/service-worker.ts';
import { wasmAsFile } from './build/wasm-as-file.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// The package's own `#` imports, straight to the sources. An alias and not the `source` condition, because some
// libraries name that condition too and do not ship what it points to.
const sources = [
  { find: /^#shared\/(.*)$/, replacement: `${at('../../shared/src')}/$1` },
  { find: /^#core\/(.*)$/, replacement: `${at('../core')}/$1` },
];

// The package names its CommonJS build first, for everybody, and that brings a whole other library along as a default
// provider which we never use: 5 KiB instead of 26.
const voprf = [
  { find: /^@cloudflare\/voprf-ts$/, replacement: at('../../node_modules/@cloudflare/voprf-ts/lib/esm/src/index.js') },
  { find: /^\.\/cryptoSjcl\.js$/, replacement: at('build/no-default-provider.ts') },
];

/** In development: requests for the relay go to a relay that runs beside the dev server. */
const relay = process.env['THICKET_RELAY'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: at('.'),
  plugins: [react(), nothingInline(), onlyOurLanguages(['en', 'es', 'ar', 'he']), serviceWorker(), compressed()],
  resolve: { alias: [...sources, ...voprf] },
  worker: { format: 'es', plugins: () => [wasmAsFile()] },
  server: { host: '127.0.0.1', proxy: { '/v1': { target: relay, ws: true } } },
  build: {
    outDir: at('../../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
});
