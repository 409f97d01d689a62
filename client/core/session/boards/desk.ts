/** What coordinators tell each other in their room: the board's secrets, their writer keys, readers, and what is being written. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ed25519Verify, hex } from '#shared/sodium.ts';
import { isHpkePublicKey } from '#shared/hpke.ts';
import { BoardReadersSchema, ContentFactsSchema, DeskContentSchema, type BoardDraft, type BoardProposal, type BoardRemoval, type BoardSecrets, type BoardWriter, type DeskContent } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { StoredBoard_WriterSchema, StoredProposalSchema, type StoredBoard, type StoredProposal } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { leafBytes } from '../../domain/boards/cover.ts';
import { isFitContent, isFitText } from '../../domain/boards/texts.ts';
import { decode } from '../../domain/parsing.ts';
import { includesKey, LABELS, sameBytes, signersOf } from '../../domain/signing.ts';
import type { BoardId } from '../api.ts';
import type { Said } from '../contents.ts';
import type { Draft } from '../draft.ts';
import { enqueueContent } from '../newcoming.ts';
import { settingsOf, type RoomState } from '../room-state.ts';
import { isTaken } from './announcements.ts';
import { answerAsk } from './asks.ts';
import { readerKeys, writerOf } from './board-keys.ts';
import { asCoordinator, boardIn, treeOf } from './board-state.ts';
import { allReaders, isReading, putReader, readerIn } from './readers.ts';
import { leafOf } from './tree-keys.ts';

/** Readers that fit one message of the largest size. */
const READERS_A_MESSAGE = 45;
const BOARD_BYTES = 16;

export const boardOfDesk = (state: RoomState): Uint8Array | undefined => {
  const { board } = settingsOf(state.room);
  return board.length === BOARD_BYTES ? board : undefined;
};

export function tellDesk(draft: Draft, state: StoredBoard, what: NonNullable<DeskContent['what']>): void {
  const room = draft.rooms.get(state.desk);
  if (room === undefined || what.case === undefined) return;
  enqueueContent(draft, room, { case: 'desk', value: toBinary(DeskContentSchema, create(DeskContentSchema, { what })) });
}

/** For whoever just came to the desk, and goes by nothing else. */
export async function tellNewcomers(draft: Draft, room: RoomState): Promise<void> {
  const board = boardOfDesk(room);
  const state = board && draft.boards.get(hex(board));
  if (state?.secrets === undefined) return;
  tellDesk(draft, state, { case: 'secrets', value: { ...state.secrets, n: state.chainNext } });
  const readers = (await allReaders(draft.device, hex(state.board))).filter(isReading);
  for (let from = 0; from < readers.length; from += READERS_A_MESSAGE) {
    const some = readers.slice(from, from + READERS_A_MESSAGE).map(({ member, sealKey, day }) => ({ member, sealKey, day }));
    tellDesk(draft, state, { case: 'readers', value: create(BoardReadersSchema, { board: state.board, readers: some }) });
  }
}

export async function takeDesk({ draft, state: room, value, sender }: Said<'desk'>): Promise<void> {
  const board = boardOfDesk(room);
  const content = decode(DeskContentSchema, value)?.what;
  if (board === undefined || content?.case === undefined) return;
  const id = hex(board);
  if (content.case !== 'proposal' && !sameBytes(content.value.board, board)) return;
  if (content.case === 'secrets') takeSecrets(draft, { ...boardIn(draft, id), desk: room.id }, content.value);
  const state = draft.boards.get(id);
  if (state?.secrets === undefined) return;
  switch (content.case) {
    case 'secrets': return;
    case 'writer': return takeWriter(draft, state, sender, content.value);
    case 'readers':
      for (const { member, sealKey, day } of content.value.readers) {
        if (member.length === 32 && isHpkePublicKey('xwing', sealKey) && (await readerIn(draft, state, member)) === undefined) await putReader(draft, state, member, { sealKey, day, admitted: true });
      }
      return;
    case 'removal': return takeRemoval(draft, state, content.value);
    case 'word': {
      const reader = await readerIn(draft, state, content.value.member);
      if (reader !== undefined && !reader.admitted) await answerAsk(draft, state, reader, { refused: content.value.refused, isOurs: sameBytes(sender, draft.device.member.key) });
      return;
    }
    case 'draft': return takeDraft(draft, state, sender, content.value);
    case 'proposal': return takeProposal(draft, state, sender, content.value);
  }
}

/** Never an older era than is known. What makes this person a coordinator also makes them a reader, and tells the others their keys. */
function takeSecrets(draft: Draft, state: StoredBoard, secrets: BoardSecrets): void {
  if (state.secrets !== undefined && secrets.era < state.secrets.era) return;
  const isNew = state.secrets === undefined;
  const next = asCoordinator(state, secrets, draft.device.member.key);
  // What was read of this era stays read.
  draft.boards.set(hex(state.board), state.secrets?.era === secrets.era && state.nodeKeys.length > 0 ? { ...state, secrets } : next);
  if (isNew) tellWriter(draft, next, '');
  draft.emit({ changed: 'boards' });
  draft.afterwards(() => draft.device.wake.boards());
}

export function tellWriter(draft: Draft, state: StoredBoard, bot: string): void {
  const { memberSeed } = draft.profile;
  const key = writerOf(memberSeed, state.board).key;
  tellDesk(draft, state, { case: 'writer', value: { $typeName: 'thicket.content.v1.BoardWriter', board: state.board, key, bot, sealKey: readerKeys(memberSeed, state.board).publicKey } });
}

async function takeWriter(draft: Draft, state: StoredBoard, sender: Uint8Array, { key, bot, sealKey }: BoardWriter): Promise<void> {
  if (key.length !== 32 || !isHpkePublicKey('xwing', sealKey)) return;
  // A key that is another's already is not this one's.
  if (state.writers.some((writer) => sameBytes(writer.key, key) && !sameBytes(writer.member, sender))) return;
  // Whoever is new at the desk knows nobody's yet.
  if (!state.writers.some(({ member }) => sameBytes(member, sender)) && !sameBytes(sender, draft.device.member.key)) tellWriter(draft, state, state.bot);
  const writers = [...state.writers.filter(({ member }) => !sameBytes(member, sender)), create(StoredBoard_WriterSchema, { member: sender, key, bot })];
  draft.boards.set(hex(state.board), { ...state, writers });
  await putReader(draft, state, sender, { sealKey, admitted: true, removed: false });
  draft.emit({ changed: 'boards' });
  draft.afterwards(() => draft.device.wake.boards());
}

export async function takeRemoval(draft: Draft, state: StoredBoard, { members }: BoardRemoval): Promise<void> {
  const { secrets } = state;
  if (secrets === undefined) return;
  const leaves = members.map((member) => leafBytes(leafOf(treeOf(secrets), member))).filter((leaf) => !includesKey(secrets.removed, leaf));
  draft.boards.set(hex(state.board), { ...state, secrets: { ...secrets, removed: [...secrets.removed, ...leaves] } });
  for (const member of members) if ((await readerIn(draft, state, member)) !== undefined) await putReader(draft, state, member, { removed: true });
}

// ---------------------------------------------------------------- what is being written

export const deskPlace = (board: BoardId, id: Uint8Array) => ({ collection: 'board-desk', scope: `${board}/${hex(id)}`, order: 0 }) as const;

export async function proposalIn(draft: Draft, board: BoardId, id: Uint8Array): Promise<StoredProposal | undefined> {
  const value = await draft.entries.get(deskPlace(board, id));
  return value && fromBinary(StoredProposalSchema, value);
}

export function putProposal(draft: Draft, board: BoardId, proposal: StoredProposal): void {
  draft.entries.put(deskPlace(board, proposal.id), toBinary(StoredProposalSchema, proposal));
  draft.emit({ changed: 'desk', board });
}

async function takeDraft(draft: Draft, state: StoredBoard, sender: Uint8Array, { id, draft: text, atMs }: BoardDraft): Promise<void> {
  const board = hex(state.board);
  if (id.length !== 16 || isTaken(draft, board, id)) return;
  const known = await proposalIn(draft, board, id);
  if (known !== undefined && (known.content !== undefined || known.atMs > atMs)) return;
  if (text === undefined) draft.entries.delete(deskPlace(board, id));
  else if (isFitText(text)) putProposal(draft, board, create(StoredProposalSchema, { id, draft: text, by: sender, atMs }));
  draft.emit({ changed: 'desk', board });
}

/** Signatures come together, whoever sent them first. */
async function takeProposal(draft: Draft, state: StoredBoard, sender: Uint8Array, { content, publishAtMs, withdrawn }: BoardProposal): Promise<void> {
  const board = hex(state.board);
  const facts = content && decode(ContentFactsSchema, content.facts);
  if (content === undefined || facts === undefined || !isFitContent(facts) || !sameBytes(facts.board, state.board) || isTaken(draft, board, facts.id)) return;
  const known = await proposalIn(draft, board, facts.id);
  if (withdrawn) {
    // Whoever proposed it, or whoever signed it.
    if (known !== undefined && (sameBytes(known.by, sender) || includesKey(known.signedBy, sender))) draft.entries.delete(deskPlace(board, facts.id));
    draft.emit({ changed: 'desk', board });
    return;
  }
  const isSame = known?.content !== undefined && sameBytes(known.content.facts, content.facts);
  const signatures = [...(isSame ? known.content?.signatures ?? [] : []), ...content.signatures];
  const merged = { ...content, signatures: signatures.filter(({ key }, at) => signatures.findIndex((other) => sameBytes(other.key, key)) === at) };
  const keys = signersOf(LABELS.boardContent, merged, ed25519Verify);
  const signedBy = state.writers.filter(({ key }) => includesKey(keys, key)).map(({ member }) => member);
  if (signedBy.length === 0) return;
  putProposal(draft, board, create(StoredProposalSchema, {
    id: facts.id, content: merged, publishAtMs: isSame ? known.publishAtMs : publishAtMs, by: isSame ? known.by : sender, atMs: BigInt(draft.device.now()), signedBy,
  }));
  draft.afterwards(() => draft.device.wake.boards());
}
