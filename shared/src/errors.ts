/**
 * The one table of refusals: code, HTTP status, and a sentence for developers. People never read these sentences;
 * the interface translates the code.
 */
export const REFUSALS = {
  'malformed': [400, 'The message could not be decoded.'],
  'bad-field': [400, 'A field is missing, or has a size or value that is not allowed.'],
  'unsupported-version': [400, 'This relay does not speak that version of the protocol.'],
  'bad-signature': [403, 'The signature does not match.'],
  'no-pass': [401, 'This needs a pass, and none was shown or it is not known.'],
  'bad-ticket': [403, 'This is no ticket of this hub, or it was used already, or its time is over.'],
  'no-postage': [402, 'This costs more postage than was shown.'],
  'bad-postage': [403, 'These are no tokens of this hub.'],
  'postage-spent': [409, 'One of these tokens was spent already.'],
  'wrong-week': [409, 'These tokens are of another week.'],
  'allowance-drawn': [429, 'This pass has drawn what it may this week.'],
  'unknown-blob': [404, 'There is no such blob, or not all of it, or its time is over.'],
  'blob-exists': [409, 'There is such a blob already.'],
  'wrong-chunk': [409, 'Another chunk comes next.'],
  'unknown-neighbour': [404, 'This hub forwards nothing to that address.'],
  'neighbour-unreachable': [502, 'The hub that this was meant for gave no answer.'],
  'bad-encapsulation': [400, 'This was not sealed to the gateway of this hub.'],
  'bad-founding-link': [403, 'This founding link is not the current one.'],
  'already-founded': [409, 'This hub has been founded already.'],
  'not-founded': [409, 'This hub has not been founded yet.'],
  'unknown-mailbox': [404, 'There is no such mailbox.'],
  'mailbox-exists': [409, 'There is such a mailbox already.'],
  'wrong-slot': [409, 'The mailbox is in another slot.'],
  'duplicate-record': [409, 'This body is in the mailbox already.'],
  'not-owner': [403, 'The secret does not match.'],
  'unknown-pool': [404, 'There is no such pool.'],
  'pool-full': [409, 'The pool holds as many packages as it may.'],
  'pool-empty': [404, 'The pool is empty and has no last-resort package.'],
  'unknown-rendezvous': [404, 'There is no such meeting place, or its time is over.'],
  'already-claimed': [409, 'Somebody else claimed this invitation first.'],
  'already-answered': [409, 'This meeting place was answered already.'],
  'unknown-shard': [404, 'There is no such shard.'],
  'unknown-page': [404, 'There is no such page yet.'],
  'too-large': [413, 'The message is larger than allowed.'],
  'too-many': [429, 'Too many requests; try again later.'],
  'storage-full': [507, 'The relay has no room left on its disk.'],
  'storage-unavailable': [503, 'The relay cannot reach its database; try again soon.'],
  'shutting-down': [503, 'The relay is restarting; try again soon.'],
  'unknown-path': [404, 'There is nothing at this address.'],
  'internal': [500, 'The relay met an error of its own.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type RefusalCode = keyof typeof REFUSALS;

export const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(REFUSALS, code);

/** What the relay throws at its border and the device gets back, with the fields that belong to the code. */
export class RelayRefusal extends Error {
  readonly code: RefusalCode;
  readonly currentSlot: number | undefined;
  readonly existing: { shard: number; seq: number } | undefined;
  readonly currentWeek: number | undefined;

  constructor(code: RefusalCode, detail: { currentSlot?: number; existing?: { shard: number; seq: number }; currentWeek?: number } = {}) {
    super(REFUSALS[code][1]);
    this.name = 'RelayRefusal';
    this.code = code;
    this.currentSlot = detail.currentSlot;
    this.existing = detail.existing;
    this.currentWeek = detail.currentWeek;
  }

  get status(): number {
    return REFUSALS[this.code][0];
  }
}
