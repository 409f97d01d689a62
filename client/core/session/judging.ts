/** Ties the rules of the domain to what the MLS wrapper asks. Certificates are checked once per leaf and bulletin. */
import { memberOfLeaf } from '../domain/membership.ts';
import { refuseChange, type ChangeRefusal, type RoomLeaf } from '../domain/room-policy.ts';
import { CredentialSchema, AdmissionFactsSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import type { Bulletin } from '../domain/bulletin.ts';
import { decode } from '../domain/parsing.ts';
import type { Judge, Leaf } from '../mls/port.ts';
import { concatBytes, ed25519Verify, hex, sha256 } from '#shared/sodium.ts';
import type { RefusedReason } from './api.ts';

const verdicts = new WeakMap<Bulletin, Map<string, Uint8Array | undefined>>();
/** Of leaves, what tells them apart: the wrapper shows the same leaf again with each of its messages. */
const identities = new WeakMap<Leaf, string>();
const names = new WeakMap<Leaf, Uint8Array>();

/** The member a leaf belongs to by its certificates, or undefined for a ghost. */
export function memberOf(leaf: Leaf, bulletin: Bulletin): Uint8Array | undefined {
  let known = verdicts.get(bulletin);
  if (known === undefined) {
    known = new Map();
    verdicts.set(bulletin, known);
  }
  const key = identityOf(leaf);
  if (!known.has(key)) {
    const verdict = memberOfLeaf(leaf.credential, leaf.leafKey, bulletin, ed25519Verify);
    known.set(key, typeof verdict === 'string' ? undefined : verdict.memberKey);
  }
  return known.get(key);
}

function identityOf(leaf: Leaf): string {
  const known = identities.get(leaf);
  if (known !== undefined) return known;
  const identity = hex(sha256(concatBytes(leaf.leafKey, leaf.credential)));
  identities.set(leaf, identity);
  return identity;
}

/** The member a leaf names, without asking whether it may: for leaves that are in the room already. */
export function namedMember(leaf: Leaf): Uint8Array {
  const known = names.get(leaf);
  if (known !== undefined) return known;
  const admission = decode(CredentialSchema, leaf.credential)?.admission;
  const name = (admission && decode(AdmissionFactsSchema, admission.facts)?.memberKey) ?? new Uint8Array(0);
  names.set(leaf, name);
  return name;
}

interface Present {
  readonly key: Uint8Array;
  readonly leaves: number;
}
/** The leaves of a room are one list until a commit, and who is among them is asked with every message. */
const present = new WeakMap<readonly Leaf[], ReadonlyMap<string, Present>>();

/** The members these leaves name, in their order, by hexadecimal key. */
export function membersIn(leaves: readonly Leaf[]): ReadonlyMap<string, Present> {
  const known = present.get(leaves);
  if (known !== undefined) return known;
  const members = new Map<string, Present>();
  for (const leaf of leaves) {
    const key = namedMember(leaf);
    const id = hex(key);
    members.set(id, { key, leaves: (members.get(id)?.leaves ?? 0) + 1 });
  }
  present.set(leaves, members);
  return members;
}

/** Counts the leaves of members among these. */
export const leavesIn = (leaves: readonly Leaf[]) => (memberKey: Uint8Array): number => membersIn(leaves).get(hex(memberKey))?.leaves ?? 0;

/** @param leaves of the room as it is, before whatever is judged */
export function judgeBy(bulletin: Bulletin, leaves: readonly Leaf[]): Judge {
  const named = (leaf: Leaf): RoomLeaf => ({ index: leaf.index, memberKey: namedMember(leaf) });
  return {
    leaf: (leaf) => (memberOf(leaf, bulletin) === undefined ? 'ghost' : undefined),
    change: (change) =>
      memberOf(change.committer, bulletin) === undefined
        ? 'not-admin'
        : refuseChange({
            committer: named(change.committer),
            added: change.added.map(named),
            removed: change.removed.map(named),
            replaced: change.replaced.map(({ before, after }) => ({ before: named(before), after: named(after) })),
            settingsBefore: change.settingsBefore,
            settingsAfter: change.settingsAfter,
            leavesOf: leavesIn(leaves),
          }),
  };
}

const REASONS: readonly RefusedReason[] = ['ghost', 'swapped-credential', 'not-admin', 'forbidden-kind', 'mixed-change'];

/** Refusals that come down to this: it was not theirs to do. */
const NOT_THEIRS: readonly string[] = ['absent-admin', 'partial-removal', 'not-own-device'] satisfies ChangeRefusal[];

/** What a person is told of a refusal. */
export const refusedReason = (reason: string): RefusedReason =>
  NOT_THEIRS.includes(reason) ? 'not-admin' : (REASONS.find((known) => reason.startsWith(known)) ?? 'unreadable');
