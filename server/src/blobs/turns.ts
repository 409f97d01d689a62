/** One after the other: work with the same key waits for the work before it, whatever became of that. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** @returns what the work returns; it throws what the work throws */
  async next<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(key);
    const mine = (before ?? Promise.resolve()).then(work, work);
    this.last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === mine) this.last.delete(key);
    }
  }
}
