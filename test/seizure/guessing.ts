/**
 * What can be guessed from the order in which PostgreSQL wrote its rows: each carries the number of its transaction. Every guess is
 * held against the truth, and against guessing at random.
 */
import type { Truth } from './truth.ts';

type Query = <Row extends object>(text: string) => Promise<Row[]>;

export interface Guesses {
  readonly what: string;
  readonly right: number;
  readonly made: number;
  /** The share that would be right by chance. */
  readonly chance: number;
}

interface Marked {
  readonly xid: number;
  /** Hexadecimal. */
  readonly id: string;
}

/** Rows that one transaction wrote together, as when a table is put down anew, tell no order and are left out. */
async function marked(query: Query, text: string): Promise<Marked[]> {
  const rows = await query<{ xid: string; id: string }>(text);
  const alone = rows.filter(({ xid }) => rows.filter((other) => other.xid === xid).length === 1);
  return alone.map(({ xid, id }) => ({ xid: Number(xid), id })).sort((a, b) => a.xid - b.xid);
}

/** The next of `later` after each of `first`. */
function following(first: readonly Marked[], later: readonly Marked[]): [string, string][] {
  return first.flatMap(({ xid, id }) => {
    const next = later.find((candidate) => candidate.xid > xid);
    return next === undefined ? [] : [[id, next.id] as [string, string]];
  });
}

export async function guessesFrom(query: Query, truth: Truth): Promise<Guesses[]> {
  const passes = await marked(query, `SELECT xmin::text AS xid, encode(pass, 'hex') AS id FROM passes`);
  const draws = await marked(query, `SELECT xmin::text AS xid, encode(pass, 'hex') AS id FROM draws`);
  const pools = await marked(query, `SELECT xmin::text AS xid, encode(pool, 'hex') AS id FROM pools`);
  const commits = await marked(query, `SELECT xmin::text AS xid, encode(mailbox, 'hex') AS id FROM records WHERE kind = 2`);
  const posts = await marked(query, `SELECT xmin::text AS xid, encode(mailbox, 'hex') || ' ' || seq AS id FROM records WHERE kind = 1`);

  const memberOf = (pass: string) => truth.members.find((member) => member.pass === pass);
  const roomOf = (mailbox: string) => truth.rooms.find((room) => room.mailbox === mailbox);
  const belongs = ([pass, mailbox]: [string, string]): boolean => {
    const member = memberOf(pass);
    return member !== undefined && roomOf(mailbox.split(' ')[0] as string)?.members.has(member) === true;
  };
  const fullness = truth.rooms.reduce((sum, { members }) => sum + members.size, 0) / (truth.rooms.length * truth.members.length);
  const score = (what: string, pairs: [string, string][], right: (pair: [string, string]) => boolean, chance: number): Guesses => ({
    what, made: pairs.length, right: pairs.filter(right).length, chance,
  });

  return [
    score('room of a new pass: the next commit after it was made', following(passes, commits), belongs, fullness),
    score('room of a pass: the next post after it drew', following(draws, posts), belongs, fullness),
    score('sender of a post: the pass that drew last before it', following(draws, posts), ([pass, post]) => {
      const sent = truth.messages.find(({ seq }) => seq === Number(post.split(' ')[1]));
      return sent !== undefined && sent.by === memberOf(pass);
    }, 1 / truth.members.length),
    score('pool of a pass: the next pool filled after it was made', following(passes, pools), ([pass, pool]) => memberOf(pass)?.poolId === pool, 1 / truth.members.length),
  ];
}

/** The chance of guessing so well by luck: at least `right` of `made`, each right with probability `chance`. */
export function luck({ right, made, chance }: Guesses): number {
  let sum = 0;
  for (let k = right; k <= made; k += 1) sum += Math.exp(logChoose(made, k) + k * Math.log(chance) + (made - k) * Math.log1p(-chance));
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i += 1) sum += Math.log((n - k + i) / i);
  return sum;
}
