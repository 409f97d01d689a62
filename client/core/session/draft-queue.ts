/** The one way to change a device: pieces of work, each on a draft, each one transaction of the vault, one after another. */
import { SessionFailure } from './api.ts';
import type { Device } from './device.ts';
import { Draft } from './draft.ts';
import { Serial } from './serial.ts';

export class DraftQueue {
  readonly #device: Device;
  readonly #serial = new Serial();
  /** What is being written while the next piece of a run may be worked on. */
  #keeping: { readonly draft: Draft; readonly kept: Promise<void> } | undefined;

  constructor(device: Device) {
    this.#device = device;
  }

  /** One piece of work, one transaction. Nothing of it shows before it is durable. @throws SessionFailure `locked` */
  change<T>(work: (draft: Draft) => Promise<T>): Promise<T> {
    return this.alone(async () => {
      this.#mustBeOpen();
      const draft = new Draft(this.#device);
      const result = await work(draft);
      await this.#keep(draft);
      return result;
    });
  }

  /**
   * The same for one of a run of pieces: the next is worked on while this one is being written. They are written one after
   * the other, each only once the one it stands on is durable. So a crash or a full disk leaves the first so many of them,
   * whole; and what was not kept is done again from the same keys, because the ratchet secrets a piece uses up leave the
   * vault in the very transaction that brings what it read. Nothing of a piece shows before it is durable.
   * @returns once the work is done; `kept` resolves when it is durable
   * @throws what came between the piece before and the disk: then nothing of this one counts either
   */
  changeAhead<T>(work: (draft: Draft) => Promise<T>): Promise<{ result: T; kept: Promise<void> }> {
    return this.#serial.run(async () => {
      this.#mustBeOpen();
      const before = this.#keeping;
      const draft = new Draft(this.#device, before?.draft);
      const result = await work(draft);
      await before?.kept;
      const keeping = { draft, kept: this.#keep(draft) };
      this.#keeping = keeping;
      const end = () => {
        if (this.#keeping === keeping) this.#keeping = undefined;
      };
      keeping.kept.then(end, end);
      return { result, kept: keeping.kept };
    });
  }

  /** Runs when everything asked for before is durable, or has failed; nothing else happens meanwhile. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#serial.run(async () => {
      // Whoever asked for it hears how it went.
      await this.#keeping?.kept.catch(() => undefined);
      return work();
    });
  }

  async #keep(draft: Draft): Promise<void> {
    const changes = draft.vaultChanges();
    if (changes.length > 0) await this.#device.vault.write(changes);
    draft.settle();
  }

  #mustBeOpen(): void {
    if (this.#device.closed) throw new SessionFailure('locked');
  }
}
