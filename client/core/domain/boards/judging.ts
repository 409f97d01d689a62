/**
 * Whether something that came in a board's mailbox is an announcement of it: the rules of docs/protocol/boards.md, "An
 * announcement". Whoever could open and post it knew the era's keys; that alone makes nothing believable.
 */
import { ContentFactsSchema, PostingFactsSchema, type BoardPosting, type ContentFacts } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import type { BoardEntry, Signed } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { decode } from '../parsing.ts';
import { includesKey, LABELS, sameBytes, signersOf, type Verify } from '../signing.ts';
import { isFitContent } from './texts.ts';

export type PostingRefusal =
  | 'unreadable' | 'other-board' | 'other-content' | 'not-by-board' | 'not-by-coordinator' | 'too-few-signatures' | 'other-bot'
  | 'replayed' | 'unknown-announcement' | 'back-dated' | 'future' | 'closed';

/** What a reader knows when a record comes. */
export interface Standing {
  readonly hub: Uint8Array;
  readonly entry: BoardEntry;
  /** By which it was opened. */
  readonly era: number;
  readonly n: number;
  /** Where it stands in the log. */
  readonly seq: number;
  /** Milliseconds since 1970, by this device's clock. */
  readonly now: number;
  /** The latest time of sending among what was taken before; 0: nothing was. */
  readonly newestSentAt: number;
  /** Whether something with this id was taken before: 16 bytes. */
  readonly isKnown: (id: Uint8Array) => boolean;
}
export interface JudgingTools {
  readonly verify: Verify;
  readonly sha256: (data: Uint8Array) => Uint8Array;
}
export interface Judged {
  readonly content: ContentFacts;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

const DAY_MS = 86_400_000;
/** Clocks differ: so much is let pass in each direction. */
const BACK_MS = DAY_MS;
const AHEAD_MS = 10 * 60_000;

/** @returns what it says, or why it is not taken */
export function judgePosting({ posting: outer, content: inner }: BoardPosting, standing: Standing, tools: JudgingTools): Judged | PostingRefusal {
  const posting = outer && decode(PostingFactsSchema, outer.facts);
  const content = inner && decode(ContentFactsSchema, inner.facts);
  if (outer === undefined || inner === undefined || posting === undefined || content === undefined || !isFitContent(content)) return 'unreadable';
  const { hub, entry } = standing;
  const isHere = (facts: { hub: Uint8Array; board: Uint8Array }): boolean => sameBytes(facts.hub, hub) && sameBytes(facts.board, entry.board);
  if (!isHere(posting) || !isHere(content)) return 'other-board';
  if (!sameBytes(posting.content, tools.sha256(inner.facts))) return 'other-content';
  if (entry.closed) return 'closed';
  const signers = signersOf(LABELS.boardPosting, outer, tools.verify);
  if (!includesKey(signers, entry.boardKey)) return 'not-by-board';
  const refusal = judgeWriters({ content, inner, posters: signers }, standing, tools) ?? judgeTime(Number(posting.sentAtMs), standing) ?? judgeReferences(content, standing);
  if (refusal !== undefined) return refusal;
  if (posting.era !== BigInt(standing.era) || posting.n !== standing.n) return 'replayed';
  return { content, sentAt: Number(posting.sentAtMs) };
}

interface Signatures {
  readonly content: ContentFacts;
  readonly inner: Signed;
  /** Keys that signed the posting. */
  readonly posters: readonly Uint8Array[];
}

function judgeWriters({ content, inner, posters }: Signatures, { entry, seq }: Standing, { verify }: JudgingTools): PostingRefusal | undefined {
  const authors = signersOf(LABELS.boardContent, inner, verify);
  const bot = content.what.case === 'announcement' ? content.what.value.bot : '';
  if (bot !== '') return judgeBot(entry, bot, authors, posters);
  const writers = [...entry.writers, ...entry.former.filter(({ untilSeq }) => BigInt(seq) <= untilSeq).map(({ key }) => key)];
  const good = authors.filter((key) => includesKey(writers, key));
  if (good.length === 0 || !posters.some((key) => includesKey(writers, key))) return 'not-by-coordinator';
  return good.length < neededFor(content, entry) ? 'too-few-signatures' : undefined;
}

/** A bot signs alone, and only what carries its name. */
function judgeBot({ bots }: BoardEntry, name: string, authors: readonly Uint8Array[], posters: readonly Uint8Array[]): PostingRefusal | undefined {
  const key = bots.find((bot) => bot.name === name)?.key;
  return key !== undefined && includesKey(authors, key) && includesKey(posters, key) ? undefined : 'other-bot';
}

/** Totals and pins say nothing new; taking something back must not wait for anybody; a bot signs alone. */
export const neededFor = ({ what }: ContentFacts, { signatures }: BoardEntry): number =>
  (what.case === 'announcement' && what.value.bot === '') || what.case === 'correction' ? signatures : 1;

/** Whether readers would take this from whoever has that writer key. */
export function mayPost({ what }: ContentFacts, { writers, bots }: BoardEntry, key: Uint8Array): boolean {
  const bot = what.case === 'announcement' ? what.value.bot : '';
  return bot === '' ? includesKey(writers, key) : bots.some((one) => one.name === bot && sameBytes(one.key, key));
}

function judgeTime(sentAt: number, { now, newestSentAt }: Standing): PostingRefusal | undefined {
  if (sentAt > now + AHEAD_MS) return 'future';
  return sentAt < newestSentAt - BACK_MS ? 'back-dated' : undefined;
}

function judgeReferences({ id, what }: ContentFacts, { isKnown }: Standing): PostingRefusal | undefined {
  if (isKnown(id)) return 'replayed';
  if (what.case === undefined || what.case === 'announcement') return undefined;
  return isKnown(what.value.of) ? undefined : 'unknown-announcement';
}
