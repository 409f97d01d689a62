/** Looking for what was said, in everything this device holds. Loaded when it is first needed. */
import { isEmptySearch } from '../../domain/search-query.ts';
import { hex } from '#shared/sodium.ts';
import type { StoredMessage } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { SessionFailure, type MessagePlace, type Person } from '../api.ts';
import type { SearchHit, SearchOptions, SearchPage, SearchRequest, SearchState } from '../api/search.ts';
import type { Device } from '../device.ts';
import { isPassing } from '../failure.ts';
import { sharedFile } from '../shared-file.ts';
import { giveWay } from '../turns.ts';
import { candidatesIn, cursorOf, fromCursor, type Candidate } from './candidates.ts';
import { filtersOf, type Filters } from './filters.ts';
import { textsOf } from './piece.ts';
import { roomOf } from '../talk/scopes.ts';
import { SearchIndex, type Found } from './search-index.ts';
import { Texts } from './texts.ts';
import { hasPhrase, marksIn, snippetOf } from './snippets.ts';

const PAGE = 30;
const MOST = 200;
/** Messages whose texts are looked at for one page, where the index alone does not tell. */
const MOST_READ = 4096;
const READ_A_TURN = 16;
const RETRY_MS = 30_000;
/** How often the interface hears how far the index is, at most. */
const TELL_MS = 500;

export class Search {
  readonly #device: Device;
  readonly #person: (key: Uint8Array) => Person;
  readonly #index: SearchIndex;
  #latest: object = {};
  #working: Promise<void> | undefined;
  #told = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(device: Device, person: (key: Uint8Array) => Person) {
    this.#device = device;
    this.#person = person;
    this.#index = new SearchIndex(device);
  }

  /** Something stands in this scope that did not. */
  arrived(scope: string): void {
    if (this.#index.arrived(scope)) void this.work().catch(() => undefined);
  }

  /** Makes the index whole, in the background. What stands in the way is tried again later. @throws what stood in the way */
  work(): Promise<void> {
    const working = this.#working ?? this.#index.work(() => this.#tell()).finally(() => {
      this.#working = undefined;
      this.#told = 0;
      this.#tell();
    });
    if (this.#working === undefined) {
      this.#working = working;
      working.catch((thrown: unknown) => this.#later(thrown));
    }
    return working;
  }

  stop(): void {
    this.#stopped = true;
    this.#latest = {};
    clearTimeout(this.#timer);
    this.#index.stop();
  }

  state(): SearchState {
    return { share: this.#index.share(), working: this.#working !== undefined };
  }

  async search(request: SearchRequest, { limit = PAGE, cursor, whole = false }: SearchOptions = {}): Promise<SearchPage> {
    const goesOn = this.#begin(cursor === undefined);
    if (whole) await this.work();
    const filters = await filtersOf(this.#device, request);
    const found = isNothing(filters) ? [] : await this.#index.pieces(filters.wanted);
    goesOn();
    const pause = async () => {
      await giveWay();
      goesOn();
    };
    const page = await this.#page(found, filters, cursor === undefined ? undefined : fromCursor(cursor), Math.max(1, Math.min(limit, MOST)), pause);
    return { ...page, unclear: filters.unclear, share: this.#index.share() };
  }

  async #page(
    found: readonly Found[], filters: Filters, start: Candidate | undefined, most: number, pause: () => Promise<void>,
  ): Promise<Pick<SearchPage, 'hits' | 'cursor' | 'total'>> {
    // Whether words stand one after another only their text tells.
    const isSure = filters.parsed.phrases.length === 0;
    const hits: SearchHit[] = [];
    const texts = new Texts(this.#device.vault);
    let after = start;
    for (let read = 0; ;) {
      const wanted = isSure ? most - hits.length : MOST;
      const { best, total } = await candidatesIn(found, filters, after, wanted + 1, pause);
      for (const candidate of best.slice(0, wanted)) {
        if (hits.length === most || read >= MOST_READ) return { hits, cursor: after && cursorOf(after), total: isSure ? total : undefined };
        read += 1;
        if (read % READ_A_TURN === 0) await pause();
        const hit = await this.#hit(candidate, filters, texts);
        if (hit !== undefined) hits.push(hit);
        after = candidate;
      }
      if (best.length <= wanted) return { hits, cursor: undefined, total: isSure ? total : start === undefined ? hits.length : undefined };
      if (hits.length === most) return { hits, cursor: after && cursorOf(after), total: isSure ? total : undefined };
    }
  }

  /** @returns what throws once a newer search has begun */
  #begin(isNew: boolean): () => void {
    if (isNew) this.#latest = {};
    const mine = this.#latest;
    return () => {
      if (this.#latest !== mine || this.#stopped) throw new SessionFailure('cancelled');
    };
  }

  /** @returns undefined where it is not what was looked for after all, or not there any more */
  async #hit({ scope, place }: Candidate, { parsed }: Filters, texts: Texts): Promise<SearchHit | undefined> {
    const stored = await texts.at(scope, place);
    const message = stored?.item.case === 'message' ? stored.item.value : undefined;
    if (message === undefined || message.gone || isOver(message, this.#device.now())) return undefined;
    const { text, file } = textsOf(message);
    if (!parsed.phrases.every((phrase) => hasPhrase(text, phrase) || hasPhrase(file, phrase))) return undefined;
    const at = Number(message.sentAtMs);
    return {
      room: roomOf(scope), place: { ...placeFrom(message, place), ...(message.thread && { thread: placeFrom(message.thread, Number(message.thread.seq)) }) },
      sender: this.#person(message.sender), at, snippet: snippetOf(text, parsed),
      file: sharedFile(message.file, message.forwarded ? undefined : at), fileMarks: marksIn(file, parsed),
    };
  }

  #tell(): void {
    const now = performance.now();
    if (this.#stopped || now - this.#told < TELL_MS) return;
    this.#told = now;
    this.#device.emit({ changed: 'search' });
  }

  #later(thrown: unknown): void {
    if (this.#stopped || this.#device.closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.work().catch(() => undefined), isPassing(thrown) ? RETRY_MS / 10 : RETRY_MS);
  }
}

const placeFrom = ({ id, sender }: Pick<StoredMessage, 'id' | 'sender'>, seq: number): MessagePlace => ({ id: hex(id), sender: hex(sender), seq });

const isOver = ({ vanishesAtMs }: StoredMessage, now: number): boolean => vanishesAtMs > 0n && Number(vanishesAtMs) <= now;

/** Nothing is asked for: an empty field does not list everything. */
const isNothing = ({ parsed, allowsAll }: Filters): boolean => isEmptySearch(parsed) && allowsAll;
