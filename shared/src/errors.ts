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
  'bad-ticket': [403, 'This ticket is not known, or was used already.'],
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

  constructor(code: RefusalCode, detail: { currentSlot?: number; existing?: { shard: number; seq: number } } = {}) {
    super(REFUSALS[code][1]);
    this.name = 'RelayRefusal';
    this.code = code;
    this.currentSlot = detail.currentSlot;
    this.existing = detail.existing;
  }

  get status(): number {
    return REFUSALS[this.code][0];
  }
}
