/** What a command is, and what it gets to work with. */
import type { Session } from '#core/session/api.ts';
import type { Output } from './output.ts';

export interface Flags {
  readonly name?: string | undefined;
  readonly 'hub-name'?: string | undefined;
  readonly phrase?: string | undefined;
  readonly suite?: string | undefined;
  readonly since?: string | undefined;
  readonly follow?: boolean | undefined;
  readonly thread?: string | undefined;
  readonly as?: string | undefined;
}
export type FlagName = keyof Flags;

export interface Context {
  readonly session: Session;
  readonly out: Output;
  /** What stood in the places the command names, in their order. */
  readonly places: readonly string[];
  readonly flags: Flags;
  readonly passphrase: string;
  /** Standard input, a line at a time. */
  readonly lines: () => AsyncIterable<string>;
  /** Aborts when the command is to end: interrupted, or out of time. */
  readonly ending: AbortSignal;
  /** Kept when a command starts over because the vault it borrowed went away. */
  readonly progress: { lastSeq?: number };
  /** Lets other commands use this one's vault from now on. Happens by itself for commands on an open vault. */
  readonly share: () => Promise<void>;
}

export interface Command {
  /** One or two words. */
  readonly words: readonly string[];
  readonly places: readonly string[];
  readonly flags: readonly FlagName[];
  readonly required?: readonly FlagName[];
  readonly help: string;
  /** `open`: works on an unlocked vault that caught up with the log. `new`: makes the vault, or resumes making it. */
  readonly needs: 'open' | 'new';
  /** Runs until it is told to end: its vault is shared with other commands meanwhile, and it has no time limit of its own. */
  readonly stays?: (places: readonly string[], flags: Flags) => boolean;
  /** Running out of time, or being interrupted, is its natural end. */
  readonly endsCalmly?: (flags: Flags) => boolean;
  /** Whether `--since`, `--suite` and the like make sense. @returns what is wrong with them */
  readonly objection?: (flags: Flags) => string | undefined;
  run(context: Context): Promise<void>;
}
