/** What a command is, and what it gets to work with. */
import type { Session } from '#core/session/api.ts';
import type { FrontDoor } from './hook/front-door.ts';
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

  // Of boards.
  readonly unlisted?: boolean | undefined;
  readonly approval?: boolean | undefined;
  readonly two?: boolean | undefined;
  readonly unread?: boolean | undefined;
  /** Of reading a mere flag, of an answer yes, maybe or no. */
  readonly coming?: boolean | string | undefined;
  readonly read?: boolean | undefined;
  readonly vote?: readonly string[] | undefined;
  readonly shift?: readonly string[] | undefined;
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly language?: string | undefined;
  readonly priority?: string | undefined;
  readonly pin?: boolean | undefined;
  readonly expires?: string | undefined;
  readonly at?: string | undefined;
  readonly acknowledge?: boolean | undefined;
  readonly file?: readonly string[] | undefined;
  readonly event?: string | undefined;
  readonly begin?: string | undefined;
  readonly end?: string | undefined;
  readonly zone?: string | undefined;
  readonly place?: string | undefined;
  readonly map?: string | undefined;
  readonly poll?: string | undefined;
  readonly choice?: readonly string[] | undefined;
  readonly several?: boolean | undefined;
  readonly bot?: boolean | undefined;
  readonly from?: string | undefined;
  readonly draft?: string | undefined;
  readonly note?: string | undefined;
  readonly off?: boolean | undefined;
  readonly port?: string | undefined;
  readonly host?: string | undefined;
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
  readonly progress: { lastSeq?: number; secret?: string; shown?: Map<string, string> };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where other programs on this computer knock. */
  readonly frontDoor: FrontDoor;
  /** Lets other commands use this one's vault from now on. Happens by itself for commands on an open vault. */
  readonly share: () => Promise<void>;
}

export interface Command {
  /** One or two words. */
  readonly words: readonly string[];
  /** One in brackets may be left out; one that ends with … may be more than one. Both stand last. */
  readonly places: readonly string[];
  readonly flags: readonly FlagName[];
  /** Flags that take a word here and none elsewhere. */
  readonly worded?: readonly FlagName[];
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
