/**
 * What is stored for a while is sealed at rest under the key of the day it ends with. Destroying that one small file then
 * destroys the content wherever else it was written: tables, write-ahead log, backups.
 *
 * sealed = key id (8 bytes) || nonce (24) || XChaCha20-Poly1305 ciphertext and tag
 */
import { concatBytes, seal, sodiumReady, unseal, zero } from '#shared/sodium.ts';
import type { Calendar } from '../operations/calendar.ts';
import type { Operator } from '../operations/operator.ts';
import type { DayKeysStore } from './day-keys.store.ts';
import { KEY_ID_BYTES, KeyFolder } from './key-folder.ts';

interface DayKey {
  readonly id: Uint8Array;
  readonly key: Uint8Array;
}

/** Everything that ends on one day. */
interface DayOfKeys {
  /** By id in hexadecimal. */
  readonly held: Map<string, DayKey>;
  /** Ids that something was sealed with and the folder does not have. */
  readonly lost: Set<string>;
  /** The one that seals here. */
  sealing: Promise<DayKey> | undefined;
}

export class DayKeys {
  private readonly folder: KeyFolder;
  private readonly store: DayKeysStore;
  private readonly calendar: Calendar;
  private readonly days = new Map<number, DayOfKeys>();

  private constructor(folder: KeyFolder, store: DayKeysStore, calendar: Calendar) {
    this.folder = folder;
    this.store = store;
    this.calendar = calendar;
  }

  /**
   * Tells the operator, in one line, when keys are missing that this database was sealed with.
   * @param path of the folder of keys
   * @throws StartError when the folder cannot be used, RelayRefusal while the database is away
   */
  static async open(path: string, store: DayKeysStore, calendar: Calendar, operator: Operator): Promise<DayKeys> {
    await sodiumReady();
    const keys = new DayKeys(await KeyFolder.at(path), store, calendar);
    const today = calendar.today();
    const noted = await store.noted(today);
    const missing = new Set<number>();
    for (const { expires, id } of noted) if ((await keys.find(expires, id)) === undefined) missing.add(expires);
    if (missing.size > 0) {
      operator.warn(`The keys of ${missing.size} day${missing.size === 1 ? '' : 's'} are missing, and what they sealed cannot be read: is ${path} (THICKET_KEYS) the folder this database was used with?`);
    }
    return keys;
  }

  /**
   * @param expires days since 1970: the first day on which this must be unreadable
   * @param context what it belongs to; open() must be given the same
   * @returns 48 bytes more than `plaintext`
   * @throws RelayRefusal while the database is away and the day has no key yet; RangeError for a day that is over
   */
  async seal(expires: number, context: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
    const { id, key } = await this.sealingKey(expires);
    return concatBytes(id, seal(key, plaintext, context));
  }

  /** Makes sure that seal() for this day will ask the database nothing: for callers that hold a transaction then. */
  async prepare(expires: number): Promise<void> {
    await this.sealingKey(expires);
  }

  /** @returns undefined when its day is over, its key is missing, or it is not what was sealed */
  async open(expires: number, context: Uint8Array, sealed: Uint8Array): Promise<Uint8Array | undefined> {
    if (expires <= this.calendar.today()) return undefined;
    const found = await this.find(expires, idIn(sealed));
    return found && unseal(found.key, sealed.subarray(KEY_ID_BYTES), context);
  }

  /** False when something that ends on this day was sealed with a key that is missing. */
  isWhole(expires: number): boolean {
    return (this.days.get(expires)?.lost.size ?? 0) === 0;
  }

  /** @param start of what was sealed, 8 bytes at least */
  async holds(expires: number, start: Uint8Array): Promise<boolean> {
    return (await this.find(expires, idIn(start))) !== undefined;
  }

  /** Destroys every key that ends on or before `today`, here and in the folder. Needs no database. */
  async destroy(today: number): Promise<void> {
    for (const [expires, { held }] of this.days) {
      if (expires > today) continue;
      for (const { key } of held.values()) zero(key);
      this.days.delete(expires);
    }
    await this.folder.destroy(today);
  }

  /** Forgets the checks of those keys as well. @throws RelayRefusal while the database is away */
  forget(today: number): Promise<void> {
    return this.store.forget(today);
  }

  private sealingKey(expires: number): Promise<DayKey> {
    if (expires <= this.calendar.today()) throw new RangeError('nothing is sealed for a day that is over');
    const day = this.dayOf(expires);
    day.sealing ??= this.chooseKey(expires).catch((error: unknown) => {
      day.sealing = undefined;
      throw error;
    });
    return day.sealing;
  }

  /** One that the folder has, or else a new one. */
  private async chooseKey(expires: number): Promise<DayKey> {
    for (const name of await this.folder.names()) {
      const found = name.expires === expires ? await this.find(expires, name.id) : undefined;
      if (found !== undefined) {
        await this.store.note(name);
        return found;
      }
    }
    const { id, key } = await this.folder.make(expires);
    await this.store.note({ expires, id });
    return this.hold(expires, id, key);
  }

  private async find(expires: number, id: string): Promise<DayKey | undefined> {
    const day = this.dayOf(expires);
    const known = day.held.get(id);
    if (known !== undefined) return known;
    const key = await this.folder.read({ expires, id });
    if (key === undefined) day.lost.add(id);
    else day.lost.delete(id);
    return key && this.hold(expires, id, key);
  }

  private hold(expires: number, id: string, key: Uint8Array): DayKey {
    const held: DayKey = { id: Buffer.from(id, 'hex'), key };
    this.dayOf(expires).held.set(id, held);
    return held;
  }

  private dayOf(expires: number): DayOfKeys {
    const known = this.days.get(expires);
    if (known !== undefined) return known;
    const fresh: DayOfKeys = { held: new Map(), lost: new Set(), sealing: undefined };
    this.days.set(expires, fresh);
    return fresh;
  }
}

const idIn = (sealed: Uint8Array): string => Buffer.from(sealed.subarray(0, KEY_ID_BYTES)).toString('hex');
