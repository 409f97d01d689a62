/** What can go wrong on the command line beside what can go wrong in the engine. */
import { SessionFailure, type SessionFailureCode } from '#core/session/api.ts';

export type OwnFailureCode =
  | 'ambiguous-board' | 'not-named' | 'bot-only-announces' | 'no-bot'
  | 'usage' | 'no-passphrase' | 'ambiguous-room' | 'ambiguous-request' | 'unknown-message' | 'interrupted'
  /** The command whose vault this one was using has ended. */
  | 'host-gone';
export type FailureCode = SessionFailureCode | OwnFailureCode;

export class CliFailure extends Error {
  readonly code: OwnFailureCode;
  /** One more sentence that says what exactly, where the table's cannot. */
  readonly detail: string | undefined;
  constructor(code: OwnFailureCode, detail?: string) {
    super(code);
    this.name = 'CliFailure';
    this.code = code;
    this.detail = detail;
  }
}

/** @returns the code of a failure, `internal` for everything that is none */
export function codeOf(thrown: unknown): FailureCode {
  return thrown instanceof SessionFailure || thrown instanceof CliFailure ? thrown.code : 'internal';
}
