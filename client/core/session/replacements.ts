/**
 * Tokens in place of refused ones. A relay can say of any token that it was spent; if every such word were worth another
 * token, it could empty a stock with one post, and see which pass then draws. So the first is replaced at once, and
 * further ones only after pauses that grow.
 */
import { byChance, type Span } from './pace.ts';

const LONGEST_MS = 30 * 60_000;

export class Replacements {
  readonly #span: Span;
  readonly #clock: () => number;
  readonly #made = new Map<string, { readonly count: number; readonly until: number }>();

  /** @param clock milliseconds, only ever more */
  constructor(span: Span, clock: () => number = () => performance.now()) {
    this.#span = span;
    this.#clock = clock;
  }

  /** Milliseconds until any may be replaced. */
  wait(): number {
    let until = 0;
    for (const made of this.#made.values()) until = Math.max(until, made.until);
    return Math.max(0, until - this.#clock());
  }

  /** @param purpose names what is paid for */
  replaced(purpose: string): void {
    const count = this.#made.get(purpose)?.count ?? 0;
    this.#made.set(purpose, { count: count + 1, until: this.#clock() + Math.min(byChance(this.#span) * 2 ** count, LONGEST_MS) });
  }

  /** It was taken. @returns whether any had been replaced for it */
  accepted(purpose: string): boolean {
    return this.#made.delete(purpose);
  }
}
