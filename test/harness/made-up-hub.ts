/** The interface over the made-up session of client/web/dev, built and served to a test: any screen without a hub behind it. */
import { createServer, type Server } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, loadConfigFromFile } from 'vite';

const WEB = resolve(fileURLToPath(new URL('../../client/web', import.meta.url)));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json', '.wasm': 'application/wasm',
};

export interface MadeUpHub {
  readonly page: string;
  stop(): Promise<void>;
}

export async function startMadeUpHub(): Promise<MadeUpHub> {
  const folder = mkdtempSync(join(tmpdir(), 'thicket-test-screens-'));
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, join(WEB, 'vite.config.ts'));
  const plugins = (loaded?.config.plugins ?? []).flat().filter((plugin) => !['compressed', 'nothing-inline'].includes((plugin as { name?: string } | null)?.name ?? ''));
  await build({
    ...loaded?.config, configFile: false, root: WEB, logLevel: 'error', plugins,
    build: { ...loaded?.config.build, outDir: folder, emptyOutDir: true, rollupOptions: { input: join(WEB, 'dev/index.html') } },
  });
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url ?? '/', 'http://localhost').pathname);
    try {
      const bytes = readFileSync(path);
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { page: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dev/index.html`, stop: () => stop(server, folder) };
}

async function stop(server: Server, folder: string): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true, force: true });
}
