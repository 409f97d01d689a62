/**
 * The memory of everything that readers have not taken yet. A frame is one buffer for all of its readers and counts
 * once, as long as one of them has it before them; that it waits at a socket costs a little for each.
 */
const ENTRY_BYTES = 256;

/** A frame on its way to many. */
export interface SharedFrame {
  readonly bytes: Buffer;
  /** To be called for every socket it is written to, before. */
  sent(): void;
  /** To be called when a socket has taken it, or is gone. */
  readonly taken: () => void;
}

export class Backlog {
  private held = 0;

  /** Bytes. */
  get bytes(): number {
    return this.held;
  }

  frame(bytes: Buffer): SharedFrame {
    let readers = 0;
    return {
      bytes,
      sent: () => {
        if (readers === 0) this.held += bytes.length;
        readers += 1;
        this.held += ENTRY_BYTES;
      },
      taken: () => {
        readers -= 1;
        this.held -= ENTRY_BYTES;
        if (readers === 0) this.held -= bytes.length;
      },
    };
  }
}
