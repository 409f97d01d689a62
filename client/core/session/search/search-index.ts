/**
 * The index over everything that was said on this device: sealed pieces in the vault, held in memory once they were needed,
 * and what came since in pieces that are in memory alone. It is derived: whatever is missing or wrong is made anew from history.
 */
import { VaultFailure, type VaultChange, type VaultEntry } from '../../vault/port.ts';
import { SessionFailure } from '../api.ts';
import type { Device } from '../device.ts';
import { Serial } from '../serial.ts';
import { giveWay } from '../turns.ts';
import { versionChange } from '../unindexed.ts';
import { overlapping, uncovered, withNeighbour, type Stretch } from './coverage.ts';
import { makePiece } from './making.ts';
import { readPiece, type Piece } from './piece.ts';
import { roomOf } from '../talk/scopes.ts';
import { scopesOf } from './scopes.ts';

/** Messages in a piece. Where one is deleted the whole piece is made anew. */
export const LARGEST_PIECE = 1024;
/** Messages that came into a scope before they are sealed. */
const MOST_LOOSE = 256;
/** Of what is not sealed yet so many messages of a stretch are searched all the same, the newest. */
const MOST_SEARCHED = 512;

export interface Found {
  readonly scope: string;
  readonly piece: Piece;
}

export class SearchIndex {
  readonly #device: Device;
  /** By scope, ascending. */
  readonly #pieces = new Map<string, Piece[]>();
  /** Pieces of stretches that are not sealed, and as of which count of changes. */
  readonly #loose = new Map<string, { readonly pieces: readonly Piece[]; readonly changes: number }>();
  /** How often something came into a scope, left it, or was sealed. */
  readonly #changes = new Map<string, number>();
  readonly #arrived = new Map<string, number>();
  /** Scopes out of which something was taken: their pieces are to be read again. */
  readonly #stale = new Set<string>();
  readonly #steps = new Serial();
  #loaded = false;
  #stopped = false;

  constructor(device: Device) {
    this.#device = device;
    device.index.onForgotten = (scope) => {
      this.#changed(scope);
      this.#stale.add(scope);
    };
  }

  /** Something stands in this scope that did not. @returns true when it is time to seal */
  arrived(scope: string): boolean {
    this.#changed(scope);
    const arrived = (this.#arrived.get(scope) ?? 0) + 1;
    this.#arrived.set(scope, arrived);
    return arrived % MOST_LOOSE === 0 || !this.#device.index.whole;
  }

  stop(): void {
    this.#stopped = true;
    this.#device.index.onForgotten = () => undefined;
    this.#pieces.clear();
    this.#loose.clear();
  }

  /** Everything that can be searched now. @param wanted by scope */
  async pieces(wanted: (scope: string) => boolean): Promise<Found[]> {
    await this.#ready();
    const found: Found[] = [];
    const take = (scope: string, pieces: readonly Piece[]) => found.push(...pieces.map((piece) => ({ scope, piece })));
    for (const [scope, pieces] of this.#pieces) if (wanted(scope)) take(scope, pieces);
    for (const scope of [...this.#device.unindexed.keys()]) if (wanted(scope)) take(scope, await this.#looseOf(scope));
    return found;
  }

  /** Of the places up to the newest message, how many are covered: 0 to 1. */
  share(): number {
    const { unindexed, lastPlaces, index, rooms } = this.#device;
    if (!index.whole && rooms.size > 0) return 0;
    let [covered, all] = [0, 0];
    for (const scope of unindexed.keys()) {
      const pieces = [...(this.#pieces.get(scope) ?? []), ...(this.#loose.get(scope)?.pieces ?? [])].sort((a, b) => a.to - b.to);
      const end = Math.max(scope === roomOf(scope) ? (lastPlaces.get(scope) ?? 0) : 0, pieces.at(-1)?.to ?? 0);
      all += end;
      covered += pieces.reduce((sum, { after, to }) => sum + to - after, 0);
    }
    return all === 0 ? 1 : Math.min(1, covered / all);
  }

  /** Seals what is not, newest first, a piece at a time, until there is nothing more or it is stopped. */
  async work(onPiece: () => void): Promise<void> {
    await this.#ready();
    for (let scope = this.#next(); scope !== undefined; scope = this.#next()) {
      if (await this.#workOn(scope)) this.#arrived.delete(scope);
      onPiece();
      await giveWay();
    }
  }

  #next(): string | undefined {
    return this.#stopped || this.#device.closed ? undefined : this.#device.unindexed.keys().next().value;
  }

  /** One piece of this scope, or the end of it. @returns true when all of the scope is sealed */
  async #workOn(scope: string): Promise<boolean> {
    await this.#ready();
    const forgotten = this.#forgotten(scope);
    const changes = this.#changes.get(scope) ?? 0;
    const pieces = this.#pieces.get(scope) ?? [];
    for (const stretch of uncovered(pieces)) {
      const made = await this.#make(scope, pieces, stretch);
      if (made === undefined) continue;
      await this.#keep(scope, made, forgotten);
      return false;
    }
    return this.#device.change(async (draft) => {
      if (this.#forgotten(scope) !== forgotten || (this.#changes.get(scope) ?? 0) !== changes) return false;
      draft.unindexed.delete(scope);
      return true;
    });
  }

  /** A small piece beside the stretch is made anew with it, where all of it fits into one. */
  async #make(scope: string, pieces: readonly Piece[], stretch: Stretch): Promise<{ to: number; bytes: Uint8Array } | undefined> {
    const alone = await makePiece(this.#device, scope, stretch, LARGEST_PIECE);
    const both = withNeighbour(pieces, stretch, LARGEST_PIECE - (alone?.count ?? 0));
    if (alone === undefined || alone.cut || both === undefined) return alone;
    return makePiece(this.#device, scope, both, LARGEST_PIECE);
  }

  /** Nothing is written where a text was taken out of the scope since it was read. */
  async #keep(scope: string, { to, bytes }: { to: number; bytes: Uint8Array }, forgotten: number): Promise<void> {
    const piece = readPiece(to, bytes);
    if (piece === undefined) throw new SessionFailure('internal');
    await this.#device.change(async (draft) => {
      if (this.#forgotten(scope) !== forgotten) return;
      const over = overlapping(this.#pieces.get(scope) ?? [], piece);
      for (const old of over) if (old.to !== to) draft.entries.delete({ collection: 'search', scope, order: old.to });
      draft.entries.put({ collection: 'search', scope, order: to }, bytes);
      draft.afterwards(() => {
        const rest = (this.#pieces.get(scope) ?? []).filter((old) => !over.includes(old));
        this.#pieces.set(scope, [...rest, piece].sort((a, b) => a.to - b.to));
        this.#loose.delete(scope);
      });
    });
  }

  /** What is not sealed of a scope. */
  async #looseOf(scope: string): Promise<readonly Piece[]> {
    const changes = this.#changes.get(scope) ?? 0;
    const known = this.#loose.get(scope);
    if (known?.changes === changes) return known.pieces;
    const pieces: Piece[] = [];
    for (const stretch of uncovered(this.#pieces.get(scope) ?? [])) {
      const made = await makePiece(this.#device, scope, stretch, MOST_SEARCHED);
      const piece = made && readPiece(made.to, made.bytes);
      if (piece !== undefined) pieces.push(piece);
    }
    this.#loose.set(scope, { pieces, changes });
    return pieces;
  }

  // -------------------------------------------------------------- loading and forgetting

  #changed(scope: string): void {
    this.#changes.set(scope, (this.#changes.get(scope) ?? 0) + 1);
  }
  #forgotten(scope: string): number {
    return this.#device.index.forgotten.get(scope) ?? 0;
  }

  /** What is in memory is what is in the vault, or nothing is and everything is to be read again. */
  #ready(): Promise<void> {
    return this.#steps.run(async () => {
      if (!this.#loaded) await this.#load();
      this.#loaded = true;
      if (!this.#device.index.whole) await this.#beginAnew();
      for (const scope of [...this.#stale]) {
        this.#stale.delete(scope);
        const pieces = piecesIn(await this.#device.vault.range('search', scope));
        if (pieces === undefined) return this.#beginAnew();
        this.#pieces.set(scope, pieces);
        this.#changed(scope);
      }
    });
  }

  async #load(): Promise<void> {
    const { index, vault } = this.#device;
    const entries = index.whole ? await vault.all('search').catch(damaged) : [];
    if (entries === undefined) index.whole = false;
    const scopes = new Map<string, VaultEntry[]>();
    for (const entry of entries ?? []) if (entry.scope !== '') scopes.set(entry.scope, [...(scopes.get(entry.scope) ?? []), entry]);
    for (const [scope, inScope] of scopes) {
      const pieces = piecesIn(inScope);
      if (pieces === undefined) index.whole = false;
      else this.#pieces.set(scope, pieces);
    }
  }

  /** Nothing of what is there is used: every scope is read again. */
  async #beginAnew(): Promise<void> {
    const scopes = new Set([...(await scopesOf(this.#device)), ...this.#pieces.keys(), ...this.#device.unindexed.keys()]);
    this.#pieces.clear();
    this.#loose.clear();
    await this.#device.change(async (draft) => {
      for (const scope of scopes) {
        draft.also({ deleteScope: { collection: 'search', scope } } satisfies VaultChange);
        draft.unindexed.set(scope, scope);
      }
      draft.also(versionChange());
      draft.afterwards(() => {
        this.#device.index.whole = true;
      });
    });
    for (const scope of scopes) this.#changed(scope);
  }
}

/** @returns undefined where one of them is none */
function piecesIn(entries: readonly { readonly order: number; readonly value: Uint8Array }[]): Piece[] | undefined {
  const pieces = entries.map(({ order, value }) => readPiece(order, value));
  return pieces.every((piece) => piece !== undefined) ? pieces : undefined;
}

/** @throws what is not about the entries themselves */
function damaged(thrown: unknown): undefined {
  if (thrown instanceof VaultFailure && thrown.code === 'damaged') return undefined;
  throw thrown;
}
