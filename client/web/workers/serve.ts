/** The engine's end of the channel. */
import { SessionFailure, type Session, type SessionFailureCode } from '#core/session/api.ts';
import { METHODS, type Message, type Method, type Wire } from './protocol.ts';

const known: ReadonlySet<string> = new Set(METHODS);
type Call = (...args: unknown[]) => Promise<unknown>;

/** Answers calls until stopped. `engine` is this engine's name, fresh at every start. */
export function serve(session: Session, wire: Wire, engine: string): () => void {
  const stopEvents = session.subscribe((event) => wire.post({ type: 'event', engine, event }));
  const stopCalls = wire.listen((message) => {
    if (message.type === 'who') wire.post({ type: 'ready', engine });
    if (message.type === 'call' && message.engine === engine) void answer(session, wire, message);
  });
  wire.post({ type: 'ready', engine });
  return () => {
    stopEvents();
    stopCalls();
  };
}

async function answer(session: Session, wire: Wire, call: Extract<Message, { type: 'call' }>): Promise<void> {
  const { id } = call;
  try {
    if (!known.has(call.method)) throw new SessionFailure('internal');
    const method = session[call.method as Method] as Call;
    wire.post({ type: 'reply', id, value: await method.apply(session, [...call.args]) });
  } catch (error) {
    wire.post({ type: 'reply', id, failure: codeOf(error) });
  }
}

/** Only the code crosses: an error's text may hold what nobody should read. */
const codeOf = (error: unknown): SessionFailureCode => (error instanceof SessionFailure ? error.code : 'internal');
