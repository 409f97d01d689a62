/** What is done in a room, whoever's room it is: both sides play the same piece. */

/** The part that is timed. */
export type Act = () => Promise<void>;

/** A room of `members`, made by one addition of everybody; alice made it, bob follows her commits. */
export interface Stage {
  /** Each call readies the next newcomer of the first addition, and gives what joins it. */
  join(): Promise<Act>;
  /** Alice renews her keys: gives what makes the commit, as do the next two. */
  update(): Promise<Act>;
  /** Alice adds one more person. */
  add(): Promise<Act>;
  /** Alice removes somebody. */
  remove(): Promise<Act>;
  /** What bob does with alice's latest commit. */
  follow(): Promise<Act>;
}
