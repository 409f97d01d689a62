/** What a coordinator does with announcements: signs them, and has them sent when they may go. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { fromHex, hex, randomBytes } from '#shared/sodium.ts';
import { BoardProposalSchema, ContentFactsSchema, type AnnouncementText, type ContentFacts } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import type { Signed } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredProposalSchema, type StoredBoard, type StoredProposal } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { mayPost, neededFor } from '../../domain/boards/judging.ts';
import { isFitContent } from '../../domain/boards/texts.ts';
import { decode } from '../../domain/parsing.ts';
import { includesKey, LABELS, sameBytes, signFacts } from '../../domain/signing.ts';
import { SessionFailure, type AnnouncementId, type BoardId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { byChance } from '../pace.ts';
import { findAnnouncement, isTaken } from './announcements.ts';
import { writerOf } from './board-keys.ts';
import { boardIn, entryIn, secretsOf } from './board-state.ts';
import { deskPlace, proposalIn, putProposal, tellDesk } from './desk.ts';
import { isQueued, queueAnnouncing } from './queue.ts';

const ID_BYTES = 16;
/** A time that lies so near is now. */
const SOON_MS = 1_000;

/** @throws SessionFailure `unknown-announcement` */
export function idBytes(id: AnnouncementId): Uint8Array {
  const bytes = fromHex(id);
  if (bytes?.length !== ID_BYTES) throw new SessionFailure('unknown-announcement');
  return bytes;
}

interface Proposing {
  readonly what: NonNullable<ContentFacts['what']>;
  /** Of the draft it comes from. */
  readonly id?: Uint8Array | undefined;
  /** Milliseconds since 1970; 0: as soon as it may. */
  readonly publishAt?: number | undefined;
}

/**
 * Signs it. Where this one signature is enough and its time has come it leaves from this device; else the desk is told.
 * @returns its id @throws SessionFailure `not-allowed` | `bad-announcement` | `unknown-announcement`
 */
export function propose(device: Device, board: BoardId, { what, id = randomBytes(ID_BYTES), publishAt = 0 }: Proposing): Promise<AnnouncementId> {
  return device.change(async (draft) => {
    const state = boardIn(draft, board);
    secretsOf(state);
    const entry = entryIn(draft, board);
    if (entry.closed || isTaken(draft, board, id)) throw new SessionFailure('not-allowed');
    if (what.case !== undefined && what.case !== 'announcement' && (await findAnnouncement(draft, board, what.value.of)) === undefined) throw new SessionFailure('unknown-announcement');
    const facts = create(ContentFactsSchema, { hub: device.hub, board: state.board, id, what });
    if (!isFitContent(facts)) throw new SessionFailure('bad-announcement');
    const writer = writerOf(draft.profile.memberSeed, state.board);
    // Not before the bulletin names this coordinator; a bot announces under its name and does nothing else.
    if (!mayPost(facts, entry, writer.key)) throw new SessionFailure('not-allowed');
    const content = signFacts(LABELS.boardContent, toBinary(ContentFactsSchema, facts), [writer]);
    if (neededFor(facts, entry) === 1 && publishAt <= device.now() + SOON_MS) {
      queueAnnouncing(draft, state.board, content);
      draft.entries.delete(deskPlace(board, id));
    } else {
      tellDesk(draft, state, { case: 'proposal', value: create(BoardProposalSchema, { content, publishAtMs: BigInt(publishAt) }) });
      putProposal(draft, board, create(StoredProposalSchema, { id, content, publishAtMs: BigInt(publishAt), by: device.member.key, atMs: BigInt(device.now()), signedBy: [device.member.key] }));
    }
    draft.emit({ changed: 'desk', board });
    draft.afterwards(() => device.wake.boards());
    return hex(id);
  });
}

/** A second coordinator's name under it. @throws SessionFailure `not-allowed` | `unknown-announcement` */
export async function sign(device: Device, board: BoardId, id: AnnouncementId): Promise<void> {
  await device.change(async (draft) => {
    const { state, proposal, content } = await waitingIn(draft, board, id);
    const writer = writerOf(draft.profile.memberSeed, state.board);
    const [own] = signFacts(LABELS.boardContent, content.facts, [writer]).signatures;
    if (own === undefined || content.signatures.some(({ key }) => sameBytes(key, writer.key))) return;
    const signed: Signed = { ...content, signatures: [...content.signatures, own] };
    tellDesk(draft, state, { case: 'proposal', value: create(BoardProposalSchema, { content: signed, publishAtMs: proposal.publishAtMs }) });
    putProposal(draft, board, { ...proposal, content: signed, signedBy: [...proposal.signedBy, device.member.key] });
    draft.afterwards(() => device.wake.boards());
  });
}

/** Before it has left. @throws SessionFailure `not-allowed` | `unknown-announcement` */
export async function cancelProposal(device: Device, board: BoardId, id: AnnouncementId): Promise<void> {
  await device.change(async (draft) => {
    const { state, proposal, content } = await waitingIn(draft, board, id);
    const own = device.member.key;
    if (!sameBytes(proposal.by, own) && !includesKey(proposal.signedBy, own)) throw new SessionFailure('not-allowed');
    tellDesk(draft, state, { case: 'proposal', value: create(BoardProposalSchema, { content, withdrawn: true }) });
    draft.entries.delete(deskPlace(board, proposal.id));
    draft.emit({ changed: 'desk', board });
  });
}

async function waitingIn(draft: Draft, board: BoardId, id: AnnouncementId): Promise<{ state: StoredBoard; proposal: StoredProposal; content: Signed }> {
  const state = boardIn(draft, board);
  secretsOf(state);
  const proposal = await proposalIn(draft, board, idBytes(id));
  if (proposal?.content === undefined) throw new SessionFailure('unknown-announcement');
  return { state, proposal, content: proposal.content };
}

/** @returns its id @throws SessionFailure `not-allowed` */
export function saveDraft(device: Device, board: BoardId, text: AnnouncementText | undefined, id: AnnouncementId | undefined): Promise<AnnouncementId> {
  return device.change(async (draft) => {
    const state = boardIn(draft, board);
    secretsOf(state);
    const bytes = id === undefined ? randomBytes(ID_BYTES) : idBytes(id);
    const atMs = BigInt(device.now());
    tellDesk(draft, state, { case: 'draft', value: { $typeName: 'thicket.content.v1.BoardDraft', board: state.board, id: bytes, ...(text && { draft: text }), atMs } });
    if (text === undefined) draft.entries.delete(deskPlace(board, bytes));
    else putProposal(draft, board, create(StoredProposalSchema, { id: bytes, draft: text, by: device.member.key, atMs }));
    draft.emit({ changed: 'desk', board });
    return hex(bytes);
  });
}

export const allProposals = async (device: Device, board: BoardId): Promise<StoredProposal[]> =>
  (await device.vault.all('board-desk')).filter(({ scope }) => scope.startsWith(`${board}/`)).map(({ value }) => fromBinary(StoredProposalSchema, value));

/**
 * Sends what is signed and due. Whoever proposed it goes first; should their devices be away, others do, one after another.
 * @returns after how many milliseconds there is more to do
 */
export async function sendDue(device: Device): Promise<number | undefined> {
  let next: number | undefined;
  for (const [board, state] of device.boards) {
    if (state.secrets === undefined) continue;
    for (const { id } of (await allProposals(device, board)).filter(({ content }) => content !== undefined)) {
      const left = await device.change(async (draft) => sendIfDue(draft, board, id));
      if (left !== undefined) next = Math.min(next ?? left, left);
    }
  }
  return next;
}

async function sendIfDue(draft: Draft, board: BoardId, id: Uint8Array): Promise<number | undefined> {
  const { device } = draft;
  const proposal = await proposalIn(draft, board, id);
  const facts = proposal?.content && decode(ContentFactsSchema, proposal.content.facts);
  if (proposal?.content === undefined || facts === undefined) return undefined;
  if (isTaken(draft, board, id)) {
    draft.entries.delete(deskPlace(board, id));
    return undefined;
  }
  const state = boardIn(draft, board);
  // What a bot has announced only it can send, and nothing else.
  if (!mayPost(facts, entryIn(draft, board), writerOf(draft.profile.memberSeed, state.board).key)) return undefined;
  if (isQueued(draft, id) || proposal.signedBy.length < neededFor(facts, entryIn(draft, board))) return undefined;
  const since = Math.max(Number(proposal.publishAtMs), Number(proposal.atMs));
  const left = since + placeAmong(draft, state, proposal) * byChance(device.pace.announcing) - device.now();
  if (left > 0) return left;
  queueAnnouncing(draft, state.board, proposal.content);
  return undefined;
}

/** 0 for whoever proposed it. */
function placeAmong(draft: Draft, { desk }: StoredBoard, { by }: StoredProposal): number {
  const room = draft.rooms.get(desk)?.room;
  if (sameBytes(by, draft.device.member.key) || room === undefined) return 0;
  return 1 + room.leaves.findIndex(({ index }) => index === room.ownLeaf);
}
