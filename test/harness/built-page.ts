/** Builds a page that is not the web client with the web client's own settings, but for what holds the client itself to its size. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, loadConfigFromFile } from 'vite';

export const WEB_SOURCES = resolve(fileURLToPath(new URL('../../client/web', import.meta.url)));
const CLIENT_ONLY = ['compressed', 'nothing-inline'];

interface Built {
  readonly root: string;
  readonly outDir: string;
  /** The page, where it is not index.html of the root. */
  readonly input?: string;
  readonly base?: string;
}

export async function buildPage({ root, outDir, input, base }: Built): Promise<void> {
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, join(WEB_SOURCES, 'vite.config.ts'));
  const plugins = (loaded?.config.plugins ?? []).flat().filter((plugin) => !CLIENT_ONLY.includes((plugin as { name?: string } | null)?.name ?? ''));
  await asShipped(() => build({
    ...loaded?.config, configFile: false, root, logLevel: 'error', plugins, ...(base !== undefined && { base }),
    build: { ...loaded?.config.build, outDir, emptyOutDir: true, ...(input !== undefined && { rollupOptions: { input } }) },
  }));
}

/** Vitest's own environment says `test`, with which React comes as its developers want it: slower, and too large for a first load. */
export async function asShipped<Built>(make: () => Promise<Built>): Promise<Built> {
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    return await make();
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}
