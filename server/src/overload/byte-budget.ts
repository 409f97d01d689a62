/** Memory that many may use together: taken before it is filled, given back when it is free again. */
export class ByteBudget {
  private readonly most: number;
  private used = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** @returns false, and takes nothing, when it does not fit; what is larger than all of it fits alone */
  take(bytes: number): boolean {
    if (this.used > 0 && this.used + bytes > this.most) return false;
    this.used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }
}
