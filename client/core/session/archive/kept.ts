/** Collections of the vault whose entries go into an archive as they are, and what one of them must look like to be taken. */
import { OwnVerifiedSchema, SignedSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import type { Kept } from '../../content/gen/thicket/archive/v1/archive_pb.ts';
import { StoredDraftSchema, StoredNotesSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../../domain/parsing.ts';
import type { Collection } from '../../vault/port.ts';

export const KEPT = ['notes', 'bookmarks', 'pins', 'threads', 'drafts', 'profiles', 'verified'] as const satisfies readonly Collection[];
export type KeptCollection = (typeof KEPT)[number];

/** Bytes of one value. */
const LONGEST_VALUE = 1024 * 1024;
/** A room's id, and behind it what the collection tells its entries apart by. */
const SCOPES: Record<KeptCollection, RegExp> = {
  notes: /^[0-9a-f]{32}(\/[0-9a-f]{32})?$/,
  bookmarks: /^[0-9a-f]{32}(\/[0-9a-f]{32})?$/,
  pins: /^[0-9a-f]{32}$/,
  threads: /^[0-9a-f]{32}$/,
  drafts: /^[0-9a-f]{32}(\/[0-9a-f]{32})?$/,
  profiles: /^[0-9a-f]{32}[ /]?[0-9a-f]{64}$/,
  verified: /^[0-9a-f]{64}$/,
};
export const MESSAGE_SCOPE = SCOPES.notes;

const SCHEMAS = { notes: StoredNotesSchema, drafts: StoredDraftSchema, profiles: SignedSchema, verified: OwnVerifiedSchema } as const;

/** @returns the collection and the room it belongs to, where it belongs to one; undefined for an entry that is none of ours */
export function keptOf({ collection, scope, order, value }: Kept): { collection: KeptCollection; room: string | undefined } | undefined {
  const known = KEPT.find((name) => name === collection);
  if (known === undefined || !SCOPES[known].test(scope) || order > BigInt(Number.MAX_SAFE_INTEGER) || value.length > LONGEST_VALUE) return undefined;
  const schema = known in SCHEMAS ? SCHEMAS[known as keyof typeof SCHEMAS] : undefined;
  if (schema !== undefined && decode(schema, value) === undefined) return undefined;
  return { collection: known, room: known === 'verified' ? undefined : scope.slice(0, 32) };
}
