/** Builds the web client into dist/web: hashed files, no source maps, nothing inline (the served policy forbids it). */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const sources = [
  // The package's own `#` imports, straight to the sources. An alias and not the `source` condition, because some
  // libraries name that condition too and do not ship what it points to.
  { find: /^#shared\/(.*)$/, replacement: `${at('../../shared/src')}/$1` },
  { find: /^#core\/(.*)$/, replacement: `${at('../core')}/$1` },
];

/** In development: requests for the relay go to a relay that runs beside the dev server. */
const relay = process.env['THICKET_RELAY'] ?? 'http://127.0.0.1:8080';

/** The policy has no place for inline code, so a build that contains any stops here and not in somebody's browser. */
const nothingInline = (): Plugin => ({
  name: 'nothing-inline',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => {
      if (/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/.test(html)) throw new Error('index.html contains inline code or style');
    },
  },
});

export default defineConfig({
  root: at('.'),
  plugins: [react(), nothingInline()],
  resolve: { alias: sources },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', proxy: { '/v1': { target: relay, ws: true } } },
  build: {
    outDir: at('../../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
