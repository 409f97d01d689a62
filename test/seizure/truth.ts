/** What really happened, known to the test alone: what the adversary would like to know. */
import type { Mls } from '#core/mls/port.ts';
import type { Relay } from '#core/relay/port.ts';

export interface Member {
  readonly name: string;
  readonly address: string;
  /** Hexadecimal; as soon as they are known. */
  memberKey?: string;
  pass?: string;
  passSecret?: Buffer;
  poolId?: string;
  readonly leafKeys: Set<string>;
}
export interface Message {
  readonly by: Member;
  /** Mailbox in hexadecimal. */
  readonly room: string;
  readonly canary: string;
  /** What travelled: the body as every device reads it. */
  readonly body: Uint8Array;
  readonly seq: number;
  /** Real time, milliseconds since 1970. */
  readonly at: number;
  /** Days since the beginning of the story. */
  readonly day: number;
}
export interface RoomTruth {
  readonly mailbox: string;
  readonly name: string;
  /** Everybody who was ever in it. */
  readonly members: Set<Member>;
}
export interface Truth {
  readonly hubName: string;
  readonly members: Member[];
  readonly rooms: RoomTruth[];
  readonly messages: Message[];
  /** Real time, milliseconds since 1970. */
  readonly began: number;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A relay that also tells what this member's device shows it: its pass, its pool, and the bodies it posts. */
export function noted(relay: Relay, member: Member, posted: (mailbox: string, body: Uint8Array) => void): Relay {
  const note = (argument: unknown): void => {
    if (!isFields(argument)) return;
    const { id, secret, pass, pool, ownerSecret, kind, mailbox, body } = argument;
    if (isBytes(id) && isBytes(secret)) Object.assign(member, { pass: hex(id), passSecret: Buffer.from(secret) });
    if (isBytes(pool) && isBytes(ownerSecret)) member.poolId = hex(pool);
    if (kind === 'post' && isBytes(mailbox) && isBytes(body)) posted(hex(mailbox), body);
    if (isFields(pass)) note(pass);
  };
  return new Proxy(relay, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        args.forEach(note);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

/** The MLS engine of a member, with the keys of its leaves told. */
export function notedMls(mls: Mls, member: Member): Mls {
  const note = (result: unknown): void => {
    if (!isFields(result)) return;
    const room = isFields(result['room']) ? result['room'] : result;
    const { leaves, ownLeaf } = room;
    if (!Array.isArray(leaves)) return;
    const own = (leaves as { index: number; leafKey: Uint8Array }[]).find(({ index }) => index === ownLeaf);
    if (own !== undefined) member.leafKeys.add(hex(own.leafKey));
  };
  return new Proxy(mls, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, args);
        if (result instanceof Promise) void result.then(note, () => undefined);
        else note(result);
        return result;
      };
    },
  });
}

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;
const isFields = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !isBytes(value);
