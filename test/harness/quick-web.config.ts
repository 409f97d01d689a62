/** The web client as it is shipped, but for the pauses of a device: nobody watches the traffic of these tests. */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type Plugin } from 'vite';
import web from '../../client/web/vite.config.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
let taken = false;

/** The engine runs in a worker: whoever takes the default pauses there takes the quick ones. */
const quickPauses = (): Plugin => ({
  name: 'quick-pauses',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source !== './pace.ts' || !importer?.endsWith('/client/core/session/keeper.ts')) return null;
    taken = true;
    return at('quick-pace.ts');
  },
});

const pausesWereTaken = (): Plugin => ({
  name: 'pauses-were-taken',
  buildEnd(error) {
    if (!error && !taken) this.error('client/core/session/keeper.ts takes its pauses from elsewhere');
  },
});

export default mergeConfig(
  { ...web, worker: { ...web.worker, plugins: () => [...(web.worker?.plugins?.() ?? []), quickPauses()] } },
  defineConfig({ plugins: [pausesWereTaken()], build: { outDir: at('../../dist/quick-web') }, logLevel: 'warn' }),
);
