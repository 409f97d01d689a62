/** What all those requests tell whoever writes them down. */
import { fromBinary } from '@bufbuild/protobuf';
import { OpenMailboxSchema, PostCommitSchema, PostRecordSchema, RegisterPassSchema, TailRequestSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import type { Request } from './requests.ts';

/** Hexadecimal ids by address. */
export interface Learned {
  /** Passes that read, or were made, at an address. */
  readonly passes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Mailboxes that an address posted to. */
  readonly mailboxes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Posts with address, mailbox, padded size and exact time. */
  readonly posts: readonly { readonly address: string; readonly mailbox: string; readonly bytes: number; readonly at: number }[];
  /** Pages and tails that each address asked for, in order. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const isDrop = (mailbox: Uint8Array): boolean => hex(mailbox) === hex(DROP_MAILBOX);

export function learnedFrom(requests: readonly Request[]): Learned {
  const passes = new Map<string, Set<string>>();
  const mailboxes = new Map<string, Set<string>>();
  const reads = new Map<string, string[]>();
  const posts: { address: string; mailbox: string; bytes: number; at: number }[] = [];
  const add = (map: Map<string, Set<string>>, address: string, id: string) => map.set(address, (map.get(address) ?? new Set()).add(id));
  for (const { address, at, path, headers, body } of requests) {
    const [, pass] = /^Pass (\S+)$/.exec(headers.get('authorization') ?? '') ?? [];
    if (pass !== undefined) add(passes, address, hex(Buffer.from(pass, 'base64url').subarray(0, 16)));
    if (path === '/v1/tail') {
      const { request } = fromBinary(TailRequestSchema, body);
      if (request.case === 'open') add(passes, address, hex(request.value.passId));
    }
    if (path === '/v1/passes') add(passes, address, hex(fromBinary(RegisterPassSchema, body).passId));
    if (path === '/v1/tail' || path.startsWith('/v1/log/')) reads.set(address, [...(reads.get(address) ?? []), path]);
    const posted = path === '/v1/records' ? fromBinary(PostRecordSchema, body) : path === '/v1/commits' ? fromBinary(PostCommitSchema, body) : undefined;
    const opened = path === '/v1/mailboxes' ? fromBinary(OpenMailboxSchema, body) : undefined;
    if (opened !== undefined) add(mailboxes, address, hex(opened.mailbox));
    if (posted !== undefined && !isDrop(posted.mailbox)) {
      add(mailboxes, address, hex(posted.mailbox));
      posts.push({ address, mailbox: hex(posted.mailbox), bytes: posted.body.length, at });
    }
  }
  return { passes, mailboxes, posts, reads };
}
