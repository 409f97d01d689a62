/**
 * The relay, but nothing anonymous leaves before this device has read what stands in the log: a newer bulletin there may
 * name a neighbour hub, and what was sent straight before it was read could not be taken back.
 */
import type { Relay } from '../relay/port.ts';

const ANONYMOUS: ReadonlySet<PropertyKey> = new Set<keyof Relay>([
  'openMailbox', 'post', 'commit', 'fillPool', 'takePackage', 'openRendezvous', 'claimRendezvous', 'answerRendezvous', 'readRendezvous',
  'openBlob', 'writeChunk', 'readChunk', 'deleteBlob',
]);

type Method = (...args: unknown[]) => unknown;

/** @param read resolves once the log was read; what it throws is thrown instead of the call */
export function afterReading(relay: Relay, read: () => Promise<void>): Relay {
  return new Proxy(relay, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (!ANONYMOUS.has(name)) return value.bind(target) as unknown;
      return async (...args: unknown[]) => {
        await read();
        return (Reflect.get(target, name) as Method).apply(target, args);
      };
    },
  });
}
