/** The purse of somebody whose device is the real engine: the same relay for the device, and tokens drawn with its pass. */
import { createRelay } from '#core/relay/http.ts';
import type { Pass, Relay } from '#core/relay/port.ts';
import type { HubId } from '#shared/ids.ts';
import { LIMITS } from '#shared/limits.ts';
import { drawTokens, Purse } from './purse.ts';
import { Wire } from './wire.ts';

export function pursed(relayAt: (origin: string) => Relay = createRelay): { readonly relayAt: (origin: string) => Relay; readonly purse: Purse } {
  let known: { readonly origin: string; readonly pass: Pass } | undefined;
  return {
    relayAt: (origin) => {
      const relay = relayAt(origin);
      const noting: Relay['drawTokens'] = (pass, request) => {
        // A device that locks overwrites its own.
        known = { origin, pass: { id: pass.id, secret: pass.secret.slice() as Pass['secret'] } };
        return relay.drawTokens(pass, request);
      };
      return new Proxy(relay, { get: (target, name: keyof Relay) => (name === 'drawTokens' ? noting : target[name]) });
    },
    purse: new Purse(async () => {
      if (known === undefined) throw new Error('this device has drawn nothing yet');
      const wire = new Wire(known.origin);
      return drawTokens(wire, (await wire.hello()).hub as HubId, known.pass, LIMITS.tokensPerDraw);
    }),
  };
}
