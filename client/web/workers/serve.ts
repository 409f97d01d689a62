/** The engine's end of the channel. */
import { SessionFailure, type Session, type SessionFailureCode } from '#core/session/api.ts';
import { SESSION_CALLS } from '#core/session/api/calls.ts';
import { type Message, type Method, type Wire } from './protocol.ts';

const known: ReadonlySet<string> = new Set(SESSION_CALLS);
type Call = (...args: unknown[]) => Promise<unknown>;

/** After these an engine has nothing left to do that its successor could not do without ever having held a key. */
const FORGETTING: ReadonlySet<string> = new Set<Method>(['lock', 'erase', 'close']);

/**
 * Answers calls until stopped. `engine` is this engine's name, fresh at every start.
 * @param onForgotten called once, after the reply to the call that gave up the keys; the engine serves no more then
 */
export function serve(session: Session, wire: Wire, engine: string, onForgotten: () => void = () => undefined): () => void {
  const stopEvents = session.subscribe((event) => wire.post({ type: 'event', engine, event }));
  const stopCalls = wire.listen((message) => {
    if (message.type === 'who') wire.post({ type: 'ready', engine });
    if (message.type === 'call' && message.engine === engine) void take(message);
  });
  const stop = (): void => {
    stopEvents();
    stopCalls();
  };
  const take = async (call: Extract<Message, { type: 'call' }>): Promise<void> => {
    const done = await answer(session, wire, call);
    if (!done || !FORGETTING.has(call.method)) return;
    stop();
    wire.post({ type: 'gone', engine });
    onForgotten();
  };
  wire.post({ type: 'ready', engine });
  return stop;
}

/** @returns whether it worked */
async function answer(session: Session, wire: Wire, call: Extract<Message, { type: 'call' }>): Promise<boolean> {
  const { id } = call;
  try {
    if (!known.has(call.method)) throw new SessionFailure('internal');
    const method = session[call.method as Method] as Call;
    wire.post({ type: 'reply', id, value: await method.apply(session, [...call.args]) });
    return true;
  } catch (error) {
    wire.post({ type: 'reply', id, failure: codeOf(error) });
    return false;
  }
}

/** Only the code crosses: an error's text may hold what nobody should read. */
const codeOf = (error: unknown): SessionFailureCode => (error instanceof SessionFailure ? error.code : 'internal');
