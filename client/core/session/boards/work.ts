/** What is done for boards by itself. Each by itself: what stands in the way of one must not keep the others from being done. */
import type { BoardId } from '../api.ts';
import type { Device } from '../device.ts';
import { sendDue } from './announcing.ts';
import { beginNoted } from './eras.ts';
import { keepEntries, openBoards } from './making.ts';
import { askAgain } from './subscribing.ts';

export interface BoardHelp {
  readonly openRoom: (room: string) => Promise<void>;
  readonly tellBulletins: () => Promise<void>;
  readonly catchUp: () => Promise<void>;
}

export class BoardWork {
  readonly #device: Device;
  readonly #help: BoardHelp;
  readonly #asked = new Map<BoardId, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(device: Device, help: BoardHelp) {
    this.#device = device;
    this.#help = help;
  }

  async run(): Promise<void> {
    const device = this.#device;
    if (device.boards.size === 0) return;
    let failure: unknown;
    const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work();
      } catch (thrown) {
        failure ??= thrown;
        return undefined;
      }
    };
    await attempt(() => openBoards(device, this.#help.openRoom));
    await attempt(() => keepEntries(device, this.#help.tellBulletins));
    for (const [board, { beginning }] of [...device.boards]) if (beginning !== undefined) await attempt(() => beginNoted(device, board, this.#help.catchUp));
    const waits = [await attempt(() => sendDue(device)), await attempt(() => askAgain(device, this.#asked))].filter((ms) => ms !== undefined);
    if (waits.length > 0) this.#again(Math.min(...waits));
    if (failure !== undefined) throw failure;
  }

  #again(ms: number): void {
    clearTimeout(this.#timer);
    // A timer cannot wait for longer than 24 days.
    if (!this.#stopped) this.#timer = setTimeout(() => this.#device.wake.boards(), Math.min(Math.max(ms, 20), 86_400_000));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
