/** Starts the worker as the web client starts its engine, and passes calls on to it. */
import address from './worker.ts?worker&url';

interface Factory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): string };
}
const { trustedTypes } = globalThis as { trustedTypes?: Factory };
const policy = trustedTypes?.createPolicy('thicket', { createScriptURL: (url) => url });
const worker = new Worker(policy?.createScriptURL(address) ?? address, { type: 'module' });

/** One call at a time. */
const ask = (method: string, args: readonly unknown[]): Promise<unknown> =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ value?: unknown; failure?: string }>) => (data.failure === undefined ? resolve(data.value) : reject(new Error(data.failure)));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ method, args });
  });
Object.assign(globalThis, { ask });
