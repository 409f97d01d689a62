/** One command from its words to its exit code. Everything it touches comes in through `World`. */
import { type Session, SessionFailure } from '#core/session/api.ts';
import { repeatAlarms, understood } from './commands/alarms.ts';
import { type Invocation, parseArguments, type Settings, wantsJson } from './arguments.ts';
import type { Command, Context } from './command.ts';
import { CliFailure, codeOf } from './failure.ts';
import type { FrontDoor } from './hook/front-door.ts';
import { helpFor } from './help.ts';
import { jsonLine, outputTo } from './output.ts';
import { EXIT, exitOf, sentenceOf } from './words.ts';

/** A directory with a vault, or one that will have one. */
export interface Home {
  /** A session without a vault yet, or with a locked one. */
  fresh(): Promise<Session>;
  /** An unlocked session: that of a command running on this home, else one of its own. Waits its turn for a while.
   *  `stays`: this command runs on, so follow the log. */
  unlocked(passphrase: string, options: { stays: boolean; ending: AbortSignal }): Promise<{ session: Session; borrowed: boolean }>;
  /** Lets other commands on this home use the session, until the returned function is called. */
  share(session: Session, passphrase: string): Promise<() => Promise<void>>;
}

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: () => string;
  readonly home: (directory: string | undefined) => Home;
  readonly lines: () => AsyncIterable<string>;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly frontDoor: FrontDoor;
  /** Aborted when the person or the system wants this program to end. */
  readonly interrupted: AbortSignal;
}

const DEFAULT_TIMEOUT = 120;

/** @returns the exit code. Never throws, and never shows more of an error than its sentence. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  try {
    const asked = parseArguments(argv);
    if (asked.kind === 'help') world.write(helpFor(asked.command));
    else if (asked.kind === 'version') world.write(`${world.version()}\n`);
    else await carryOut(asked, asked.settings, world);
    return EXIT.ok;
  } catch (thrown) {
    return report(thrown, wantsJson(argv), world);
  }
}

function report(thrown: unknown, json: boolean, world: World): number {
  const code = codeOf(thrown);
  const detail = thrown instanceof CliFailure ? thrown.detail : undefined;
  const message = detail ?? sentenceOf(code);
  world.writeError(json ? `${jsonLine({ error: code, message })}\n` : `thicket: ${message}\n`);
  return exitOf(code);
}

async function carryOut(invocation: Invocation, settings: Settings, world: World): Promise<void> {
  const passphrase = world.env['THICKET_PASSPHRASE'];
  if (passphrase === undefined || passphrase === '') throw new CliFailure('no-passphrase');
  const { command, places, flags } = invocation;
  const stays = command.stays?.(places, flags) ?? false;
  const endsCalmly = command.endsCalmly?.(flags) ?? false;
  const { ending, over } = endingAfter(settings.timeout ?? (stays ? 0 : DEFAULT_TIMEOUT), world.interrupted);
  const setting: Setting = {
    command, stays, warn: world.writeError, home: world.home(settings.home ?? world.env['THICKET_HOME']),
    given: { out: outputTo(world.write, settings.json), places, flags, passphrase, lines: world.lines, ending, progress: {}, env: world.env, frontDoor: world.frontDoor },
  };
  try {
    // A vault borrowed from a command that has ended: one that only reads on takes it over.
    while ((await perform(setting, endsCalmly)) === 'again');
  } catch (thrown) {
    if (!ending.aborted || !endsCalmly) throw thrown;
  } finally {
    over();
  }
}

interface Setting {
  readonly command: Command;
  readonly stays: boolean;
  readonly home: Home;
  readonly given: Omit<Context, 'session' | 'share'>;
  /** To standard error. */
  readonly warn: (text: string) => void;
}

async function perform({ command, stays, home, given, warn }: Setting, mayStartOver: boolean): Promise<'done' | 'again'> {
  const { ending, passphrase } = given;
  const { session, borrowed } = command.needs === 'new'
    ? { session: await home.fresh(), borrowed: false }
    : await home.unlocked(passphrase, { stays, ending });
  let unshare: (() => Promise<void>) | undefined;
  const share = async () => {
    if (!borrowed) unshare ??= await home.share(session, passphrase);
  };
  const work = async () => {
    if (command.needs === 'open') {
      if (stays) await share();
      await session.catchUp();
      if (command !== understood) await repeatAlarms(session, given.out.json, warn);
    }
    await command.run({ ...given, session, share });
  };
  try {
    await Promise.race([work(), rejectionAt(ending)]);
    return 'done';
  } catch (thrown) {
    if (mayStartOver && borrowed && codeOf(thrown) === 'host-gone' && !ending.aborted) return 'again';
    throw thrown;
  } finally {
    await unshare?.();
    // Out of time, the vault is locked at once; otherwise what is queued gets a moment to leave.
    await withinGrace(ending.aborted ? session.lock() : session.close());
  }
}

/** An ended command may be stuck in the network; its vault is safe at every moment, so it need not wait. */
const GRACE_MS = 6_000;
async function withinGrace(closing: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([closing, new Promise<void>((resolve) => (timer = setTimeout(resolve, GRACE_MS)))]).catch(() => undefined);
  clearTimeout(timer);
}

function rejectionAt(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** A signal that aborts, with the failure as its reason, after so many seconds (0: never) or when interrupted. */
function endingAfter(seconds: number, interrupted: AbortSignal): { ending: AbortSignal; over: () => void } {
  const end = new AbortController();
  const timer = seconds > 0 ? setTimeout(() => end.abort(new SessionFailure('timeout')), seconds * 1000) : undefined;
  const interrupt = () => end.abort(new CliFailure('interrupted'));
  if (interrupted.aborted) interrupt();
  else interrupted.addEventListener('abort', interrupt, { once: true });
  return { ending: end.signal, over: () => clearTimeout(timer) };
}
