/** The interface over the made-up session of client/web/dev, built and served to a test: any screen without a hub behind it. */
import { createServer, type Server } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { buildPage, WEB_SOURCES } from './built-page.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json', '.wasm': 'application/wasm',
};

export interface MadeUpHub {
  readonly page: string;
  stop(): Promise<void>;
}

export async function startMadeUpHub(): Promise<MadeUpHub> {
  const folder = mkdtempSync(join(tmpdir(), 'thicket-test-screens-'));
  await buildPage({ root: WEB_SOURCES, outDir: folder, input: join(WEB_SOURCES, 'dev/index.html') });
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
