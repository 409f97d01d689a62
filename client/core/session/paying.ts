/** Paying for requests: what pays is durable as spent before the request leaves. */
import { SessionFailure } from './api.ts';
import type { Device } from './device.ts';
import type { Draft } from './draft.ts';
import { isPassing } from './failure.ts';
import { isPostageRefusal, payFor, takeRelayWeek, TokensMissing } from './postage-stock.ts';

/** A change that takes tokens. Waits for the next draw where there are too few. @throws SessionFailure `no-postage` | `no-tickets` */
export async function paying<T>(device: Device, work: (draft: Draft) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await device.change(work);
    } catch (thrown) {
      if (!(thrown instanceof TokensMissing)) throw thrown;
      await device.restock(thrown.kind, thrown.count);
    }
  }
}

/**
 * A request that nothing in the vault stands for. Its tokens are kept in memory while it is tried again and for no other
 * purpose; after a restart it is paid anew, and what was taken before is never used.
 * @param purpose names the request: what may be sent again with the same tokens
 */
export async function paid<T>(device: Device, purpose: string, cost: number, send: (postage: Uint8Array) => Promise<T>): Promise<T> {
  for (;;) {
    const postage = await paying(device, async (draft) => payFor(draft, cost, device.postageFor.get(purpose)));
    device.postageFor.set(purpose, postage);
    try {
      const reply = await send(postage);
      device.postageFor.delete(purpose);
      device.paidFor(purpose);
      return reply;
    } catch (thrown) {
      if (!isPostageRefusal(thrown)) {
        if (!isPassing(thrown)) device.postageFor.delete(purpose);
        throw thrown;
      }
      // Until others may pay, the same ones are offered again: that costs nothing.
      if (device.replacements.wait() > 0) throw new SessionFailure('no-postage', { cause: thrown });
      device.replaced(purpose);
      device.postageFor.delete(purpose);
      takeRelayWeek(device, thrown);
    }
  }
}
