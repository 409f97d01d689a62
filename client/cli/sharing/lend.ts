/** The owner's side: answers what borrowers ask of its session. */
import type { Duplex } from 'node:stream';
import type { Session } from '#core/session/api.ts';
import { LocalSink, localSource } from '../disk.ts';
import { codeOf } from '../failure.ts';
import { isSharedCall, onMessages, sendMessage, type SharedCall } from './protocol.ts';

/** Serves one borrower until its connection ends. */
export function lendTo(socket: Duplex, session: Session, passphrase: string): void {
  let welcome = false;
  let stop: () => void = () => undefined;
  socket.on('error', () => undefined);
  socket.on('close', () => stop());
  onMessages(socket, (message) => {
    if (welcome) return void answer(socket, session, message);
    welcome = sameText(message['passphrase'], passphrase);
    if (!welcome) return void socket.end(`${JSON.stringify({ failure: 'wrong-passphrase' })}\n`);
    sendMessage(socket, { welcome: true });
    stop = session.subscribe((event) => sendMessage(socket, { event }));
  });
}

async function answer(socket: Duplex, session: Session, { id, call, with: args }: Readonly<Record<string, unknown>>): Promise<void> {
  if (typeof id !== 'number' || !isSharedCall(call) || !Array.isArray(args)) return void socket.destroy();
  try {
    sendMessage(socket, { id, result: await invoke(session, call, args) });
  } catch (thrown) {
    sendMessage(socket, { id, failure: codeOf(thrown) });
  }
}

/** The borrower is this program too, behind a socket only its owner can open; its arguments are what it was typed. */
function invoke(session: Session, call: SharedCall, args: readonly unknown[]): Promise<unknown> {
  const method = session[call] as (...given: readonly unknown[]) => Promise<unknown>;
  if (call === 'sendFile') return localSource(pathIn(args[1])).then((source) => method.apply(session, [args[0], source, args[2]]));
  if (call === 'attach') return localSource(pathIn(args[1])).then((source) => method.apply(session, [args[0], source, args[2]]));
  if (call === 'writeBackup') return savingTo(new LocalSink(pathIn(args[0])), (sink) => method.apply(session, [sink, args[1], args[2]]));
  if (call === 'saveFile') return savingTo(new LocalSink(pathIn(args[2])), (sink) => method.apply(session, [args[0], args[1], sink, args[3]]));
  // In JSON what is not given is null.
  return method.apply(session, args.map((arg) => arg ?? undefined));
}

const pathIn = (file: unknown): string =>
  (typeof file === 'object' && file !== null && 'path' in file && typeof file.path === 'string' ? file.path : '');

async function savingTo(sink: LocalSink, work: (sink: LocalSink) => Promise<unknown>): Promise<unknown> {
  try {
    return await work(sink);
  } finally {
    await sink.close();
  }
}

/** Takes as long for a near miss as for a far one. */
function sameText(shown: unknown, expected: string): boolean {
  if (typeof shown !== 'string') return false;
  const [a, b] = [shown.normalize('NFKC'), expected.normalize('NFKC')];
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(1, b.length));
  return difference === 0;
}
