import { hex } from '#shared/sodium.ts';
import type { RoomId } from '../api.ts';
import type { Device } from '../device.ts';

/** Shown so long after it was last said. */
const TYPING_SHOWN_MS = 25_000;

/** Who says to be writing, by room. In memory only. */
export class Typists {
  readonly #device: Pick<Device, 'emit'>;
  readonly #rooms = new Map<RoomId, Map<string, { key: Uint8Array; timer: ReturnType<typeof setTimeout> }>>();

  constructor(device: Pick<Device, 'emit'>) {
    this.#device = device;
  }
  in(room: RoomId): Uint8Array[] {
    return [...(this.#rooms.get(room)?.values() ?? [])].map(({ key }) => key);
  }
  writes(room: RoomId, key: Uint8Array): void {
    const here = this.#rooms.get(room) ?? new Map();
    this.#rooms.set(room, here);
    clearTimeout(here.get(hex(key))?.timer);
    here.set(hex(key), { key, timer: setTimeout(() => this.wrote(room, key), TYPING_SHOWN_MS) });
    this.#device.emit({ changed: 'typing', room });
  }
  /** Their message came, or they stopped. */
  wrote(room: RoomId, key: Uint8Array): void {
    const known = this.#rooms.get(room)?.get(hex(key));
    if (known === undefined) return;
    clearTimeout(known.timer);
    this.#rooms.get(room)?.delete(hex(key));
    this.#device.emit({ changed: 'typing', room });
  }
  stop(): void {
    for (const here of this.#rooms.values()) for (const { timer } of here.values()) clearTimeout(timer);
    this.#rooms.clear();
  }
}
