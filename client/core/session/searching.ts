/** Where search is loaded: when somebody looks for something, or when the device has been open for a moment. */
import type { Person } from './api.ts';
import type { Device } from './device.ts';
import type { Pauses } from './pace.ts';
import type { Search } from './search/search.ts';

/** What somebody opened the app for comes first. */
const INDEX_AFTER_MS = 3_000;

export class Searching {
  readonly #device: Device;
  readonly #person: (key: Uint8Array) => Person;
  #loading: Promise<Search> | undefined;
  #search: Search | undefined;

  constructor(device: Device, person: (key: Uint8Array) => Person) {
    this.#device = device;
    this.#person = person;
  }

  /** Something stands in this scope of messages that did not. */
  arrived(scope: string): void {
    this.#search?.arrived(scope);
  }

  /** Not part of what a browser loads first. */
  async load(): Promise<Search> {
    const loading = this.#loading ?? import('./search/search.ts').then(({ Search }) => new Search(this.#device, this.#person));
    this.#loading = loading;
    // Without a network there is nothing to load it from; the next try may find one.
    loading.catch(() => {
      if (this.#loading === loading) this.#loading = undefined;
    });
    this.#search = await loading;
    return this.#search;
  }

  /** Indexes what came since, once nothing more urgent is likely. */
  async start(pauses: Pauses): Promise<void> {
    await pauses.wait(INDEX_AFTER_MS, { firm: true });
    if (!pauses.stopped) await (await this.load()).work();
  }

  stop(): void {
    this.#loading?.then((search) => search.stop(), () => undefined);
  }
}
