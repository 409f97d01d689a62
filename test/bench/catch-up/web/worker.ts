/** The reader in a worker, with the vault of the browser: what the engine of the web client is made of. */
import { indexedDbVaultHome } from '#core/vault/indexeddb.ts';
import { type Reader, readerOn } from '../reader.ts';

const reader = readerOn(indexedDbVaultHome());

addEventListener('message', ({ data }: MessageEvent<{ method: keyof Reader; args: [string, string] }>) => {
  const { method, args } = data;
  answer(method, args).then((value) => postMessage({ value }), (error: unknown) => postMessage({ failure: String(error) }));
});

async function answer(method: keyof Reader, args: [string, string]): Promise<unknown> {
  return (await reader)[method](...args);
}
