/** A tab's end of the channel: a Session whose engine lives elsewhere, and changes when the leading tab closes or the keys are given up. */
import { SessionFailure, type Session, type SessionEvent } from '#core/session/api.ts';
import { SESSION_CALLS } from '#core/session/api/calls.ts';
import { type Message, type Method, type Wire } from './protocol.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (failure: SessionFailure) => void;
}

export interface Connected {
  readonly session: Session;
  /** Undefined until an engine has answered. */
  readonly engine: () => string | undefined;
  readonly stop: () => void;
}

/** Calls made before an engine answers wait for it. Calls an engine took with it when it went fail as `locked`. */
export function connect(wire: Wire, newId: () => string = () => crypto.randomUUID()): Connected {
  const listeners = new Set<(event: SessionEvent) => void>();
  const pending = new Map<string, Pending>();
  const waiting: { id: string; method: Method; args: readonly unknown[] }[] = [];
  let engine: string | undefined;
  let met = false;

  const tell = (event: SessionEvent): void => listeners.forEach((listener) => listener(event));
  const lose = (): void => {
    engine = undefined;
    const lost = [...pending.values()];
    pending.clear();
    lost.forEach(({ reject }) => reject(new SessionFailure('locked')));
  };
  const meet = (next: string): void => {
    if (next === engine) return;
    if (engine !== undefined) lose();
    engine = next;
    for (const call of waiting.splice(0)) wire.post({ type: 'call', engine, ...call });
    if (met) tell({ changed: 'overview' });
    met = true;
  };
  const hear = (message: Message): void => {
    if (message.type === 'ready') meet(message.engine);
    if (message.type === 'gone' && message.engine === engine) lose();
    if (message.type === 'event' && message.engine === engine) tell(message.event);
    if (message.type === 'reply') settle(pending, message);
  };

  const call = (method: Method, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = newId();
      pending.set(id, { resolve, reject });
      if (engine === undefined) waiting.push({ id, method, args });
      else wire.post({ type: 'call', engine, id, method, args });
    });

  const stop = wire.listen(hear);
  wire.post({ type: 'who' });
  return { session: proxy(call, listeners), engine: () => engine, stop };
}

function settle(pending: Map<string, Pending>, reply: Extract<Message, { type: 'reply' }>): void {
  const call = pending.get(reply.id);
  if (!call) return;
  pending.delete(reply.id);
  if ('failure' in reply) call.reject(new SessionFailure(reply.failure));
  else call.resolve(reply.value);
}

function proxy(
  call: (method: Method, args: readonly unknown[]) => Promise<unknown>,
  listeners: Set<(event: SessionEvent) => void>,
): Session {
  const methods = Object.fromEntries(SESSION_CALLS.map((method) => [method, (...args: unknown[]) => call(method, args)]));
  const subscribe = (listener: (event: SessionEvent) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  // Every name of the interface is in SESSION_CALLS (checked there), and the far end is the same interface.
  return { ...methods, subscribe } as unknown as Session;
}
