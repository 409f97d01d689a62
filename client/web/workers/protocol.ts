/**
 * What a tab and the engine say to each other over one BroadcastChannel. Every tab is a client, the leading one too.
 *
 *   tab      -> engine   who                       is an engine there?
 *   engine   -> tabs     ready {engine}            at start, and as the answer to `who`
 *   tab      -> engine   call {engine, id, ...}    `engine` names whom it is for: an older engine's successor ignores it
 *   engine   -> tabs     reply {id, ...}           the value, or the code of a SessionFailure; never an error text
 *   engine   -> tabs     event {engine, event}
 *   engine   -> tabs     gone {engine}             it gave up its keys and ends; another one comes
 *   tab      -> tabs     active                    somebody is at the device: put off the idle lock
 *
 * Everything survives structured cloning. Calls carry at most one passphrase or message and stay inside the origin.
 */
import type { SessionEvent, SessionFailureCode } from '#core/session/api.ts';
import type { SessionCall } from '#core/session/api/calls.ts';

export const CHANNEL = 'thicket';
export const LEADER_LOCK = 'thicket-engine';
export const WORKER_LOCK = 'thicket-engine-worker';
/** What an engine that gave up its keys says to the tab that started it. */
export const FORGOTTEN = 'forgotten';

export type Method = SessionCall;

export type Message =
  | { readonly type: 'who' }
  | { readonly type: 'ready'; readonly engine: string }
  | { readonly type: 'call'; readonly engine: string; readonly id: string; readonly method: Method; readonly args: readonly unknown[] }
  | { readonly type: 'reply'; readonly id: string; readonly value: unknown }
  | { readonly type: 'reply'; readonly id: string; readonly failure: SessionFailureCode }
  | { readonly type: 'event'; readonly engine: string; readonly event: SessionEvent }
  | { readonly type: 'gone'; readonly engine: string }
  | { readonly type: 'active' };

/** A BroadcastChannel, or in tests a stand-in: what one side posts, every other side hears. */
export interface Wire {
  post(message: Message): void;
  listen(listener: (message: Message) => void): () => void;
}

export function broadcastWire(name = CHANNEL): Wire {
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => {
      const hear = (event: MessageEvent<Message>): void => listener(event.data);
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },
  };
}
