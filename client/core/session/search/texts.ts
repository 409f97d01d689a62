/** Messages read back from history for one page of results: what stands in one entry of the vault is read once. */
import type { StoredItem } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Vault } from '../../vault/port.ts';
import { placeOf, runItems } from '../history.ts';

/** Entries kept at hand. */
const MOST = 64;

export class Texts {
  readonly #vault: Vault;
  readonly #runs = new Map<string, { readonly from: number; readonly to: number; readonly items: readonly StoredItem[] }[]>();
  #count = 0;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  async at(scope: string, place: number): Promise<StoredItem | undefined> {
    const runs = this.#runs.get(scope) ?? [];
    let run = runs.find(({ from, to }) => from <= place && place <= to);
    if (run === undefined) {
      // An entry stands at the place of its last item.
      const [entry] = await this.#vault.range('messages', scope, { from: place, limit: 1 });
      if (entry === undefined) return undefined;
      const items = runItems(entry.value);
      run = { from: Math.min(place, ...items.slice(0, 1).map(placeOf)), to: entry.order, items };
      if (this.#count >= MOST) this.#runs.clear();
      this.#count = this.#count >= MOST ? 1 : this.#count + 1;
      this.#runs.set(scope, [run, ...(this.#runs.get(scope) ?? [])]);
    }
    return run.items.find((item) => placeOf(item) === place);
  }
}
