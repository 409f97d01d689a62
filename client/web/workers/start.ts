/** Starts the engine's worker. Its address passes the page's only Trusted Types policy. */
import engineUrl from './engine.ts?worker&url';
import { keepRunning } from './succession.ts';

interface Policy {
  createScriptURL(url: string): string;
}
interface Factory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
}

/** Lets through this one address and nothing else. Where there are no Trusted Types, the address as it is. */
function trusted(url: string): string {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  const only = (asked: string): string => {
    if (asked !== engineUrl) throw new TypeError('not the address of the engine');
    return asked;
  };
  // The type says string; the browser makes a TrustedScriptURL of it, which Worker takes.
  return factory ? factory.createPolicy('thicket', { createScriptURL: only }).createScriptURL(url) : only(url);
}

/** Runs an engine as long as the tab lives: when one has given up its keys, it is ended and a fresh one takes its place. */
export function startEngine(onBroken: () => void): void {
  const address = trusted(engineUrl);
  keepRunning(() => new Worker(address, { type: 'module', name: 'thicket-engine' }), onBroken);
}
