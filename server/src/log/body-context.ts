/** What a body at rest is tied to: put beside another record it does not open. */
export const bodyContext = (mailbox: Uint8Array, bodyHash: Uint8Array): Uint8Array => Buffer.concat([mailbox, bodyHash]);
