/**
 * The last answer of each pass, of each kind and week: the same draw again is answered from here and computed once. In
 * memory only; it holds what the pass was told and the hash of what it asked, and no token.
 */
import type { PassId, Week } from '#shared/ids.ts';
import type { Evaluated } from '#shared/voprf/tokens.ts';

/** Of 3.3 KB at most. */
const MOST = 2_000;

/** Undefined: what was asked for holds something that is no element. */
export type Answer = Promise<Evaluated | undefined>;

export class LastDraws {
  private readonly answers = new Map<string, { readonly requestHash: Buffer; readonly answer: Answer }>();

  /** @param compute asked once for each request, however often that comes; what it throws is not kept */
  of(of: { pass: PassId; kind: number; week: Week; requestHash: Buffer }, compute: () => Answer): Answer {
    const key = `${Buffer.from(of.pass).toString('base64')} ${of.kind} ${of.week}`;
    const known = this.answers.get(key);
    if (known?.requestHash.equals(of.requestHash) === true) return known.answer;
    const kept = { requestHash: of.requestHash, answer: compute() };
    kept.answer.catch(() => {
      if (this.answers.get(key) === kept) this.answers.delete(key);
    });
    this.answers.delete(key);
    this.answers.set(key, kept);
    for (const [oldest] of this.answers) {
      if (this.answers.size <= MOST) break;
      this.answers.delete(oldest);
    }
    return kept.answer;
  }
}
