/** A steward's side: a board is made, its entry kept as its desk has it, and closed. */
import { create } from '@bufbuild/protobuf';
import { RelayRefusal } from '#shared/errors.ts';
import type { MailboxId, PostVerifyKey, Signature } from '#shared/ids.ts';
import { SINGLE_COST } from '#shared/postage.ts';
import { openMailboxMessage } from '#shared/signing.ts';
import { hex, randomBytes } from '#shared/sodium.ts';
import { BoardSecretsSchema } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { BoardEntrySchema, Joining, type BoardEntry } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredBoardSchema, StoredBoard_WriterSchema, type StoredBoard } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { isBoardName, MOST_BOARDS, withWriters } from '../../domain/boards/entry.ts';
import { cleanName } from '../../domain/room-policy.ts';
import { includesKey, sameBytes } from '../../domain/signing.ts';
import { SessionFailure, type BoardId } from '../api.ts';
import { mayReviseHere, reviseBulletin } from '../bulletin-revision.ts';
import type { Device } from '../device.ts';
import { namedMember } from '../judging.ts';
import { newMailbox } from '../layout.ts';
import { paid } from '../paying.ts';
import { makeRoom } from '../room-making.ts';
import { signerFrom } from '../signer.ts';
import { askingKeys, readerKeys, writerOf } from './board-keys.ts';
import { asCoordinator, askingKeysOf, boardIn, entryIn, postSignerOf, secretsOf } from './board-state.ts';
import { renewWithout } from './eras.ts';
import { putReader } from './readers.ts';

export interface BoardRules {
  readonly listed?: boolean;
  readonly joining?: 'open' | 'approved';
  readonly signatures?: 1 | 2;
}

/** @throws SessionFailure `not-allowed` | `bad-name` */
export async function makeBoard(device: Device, rawName: string, { listed = true, joining = 'open', signatures = 1 }: BoardRules): Promise<BoardId> {
  const name = cleanName(rawName);
  const { boards } = device.constitution.facts;
  if (!mayReviseHere(device) || boards.length >= MOST_BOARDS) throw new SessionFailure('not-allowed');
  if (!isBoardName(name)) throw new SessionFailure('bad-name');
  const board = newMailbox(device.layout);
  if (board === undefined) throw new SessionFailure('internal');
  const secrets = create(BoardSecretsSchema, {
    board, boardSeed: randomBytes(32), askingSeed: randomBytes(32), treeSecret: randomBytes(32), deskSecret: randomBytes(32), eraSecret: randomBytes(32),
  });
  const writer = writerOf(device.profile.memberSeed, board).key;
  const desk = await makeRoom(device, name, 'xwing', { board });
  await device.change(async (draft) => {
    const mine = create(StoredBoard_WriterSchema, { member: device.member.key, key: writer });
    const state = asCoordinator(create(StoredBoardSchema, { board, name, desk, keeper: true, writers: [mine] }), secrets, device.member.key);
    draft.boards.set(hex(board), state);
    await putReader(draft, state, device.member.key, { sealKey: readerKeys(draft.profile.memberSeed, board).publicKey, admitted: true });
  });
  const entry = create(BoardEntrySchema, {
    board, name: listed ? name : '', boardKey: signerFrom(secrets.boardSeed).key, askingKey: askingKeys(secrets.askingSeed).publicKey,
    writers: [writer], signatures, joining: joining === 'open' ? Joining.OPEN : Joining.APPROVED,
  });
  await reviseBulletin(device, { boards: [...device.constitution.facts.boards, entry] });
  device.wake.boards();
  return hex(board);
}

/** Nothing is announced any more; what was stays to be read. @throws SessionFailure `not-allowed` | `unknown-board` */
export async function closeBoard(device: Device, board: BoardId): Promise<void> {
  if (!mayReviseHere(device)) throw new SessionFailure('not-allowed');
  await reviseEntry(device, { ...entryIn(device, board), closed: true });
}

const reviseEntry = (device: Device, entry: BoardEntry): Promise<void> =>
  reviseBulletin(device, { boards: device.constitution.facts.boards.map((known) => (sameBytes(known.board, entry.board) ? entry : known)) });

/** Tells the relay of the mailbox; again after a crash, until it knows. */
export async function openBoards(device: Device, openDesk: (room: string) => Promise<void>): Promise<void> {
  for (const [board, { keeper, opened }] of device.boards) if (keeper && !opened) await openBoard(device, board, openDesk);
}

async function openBoard(device: Device, board: BoardId, openDesk: (room: string) => Promise<void>): Promise<void> {
  const state = device.boards.get(board);
  if (state === undefined) return;
  const secrets = secretsOf(state);
  const signer = postSignerOf(secrets, secrets.eraSecret);
  const [mailbox, verifyKey] = [state.board as MailboxId, signer.key as PostVerifyKey];
  const proof = signer.sign(openMailboxMessage(device.hub, mailbox, verifyKey)) as Signature;
  try {
    await paid(device, `mailbox ${board}`, SINGLE_COST, (postage) => device.relay.openMailbox({ mailbox, verifyKey, proof, postage }));
  } catch (thrown) {
    if (!(thrown instanceof RelayRefusal && thrown.code === 'mailbox-exists')) throw thrown;
  }
  if (device.rooms.get(state.desk)?.opened === false) await openDesk(state.desk);
  await device.change(async (draft) => draft.boards.set(board, { ...boardIn(draft, board), opened: true }));
}

/** The writer keys in the bulletin are those of whoever is at the desk now. */
export async function keepEntries(device: Device, tell: () => Promise<void>): Promise<void> {
  for (const [board, state] of device.boards) {
    if (!state.keeper || !mayReviseHere(device)) continue;
    const entry = entryIn(device, board);
    const atDesk = (device.rooms.get(state.desk)?.room.leaves ?? []).map(namedMember);
    const gone = state.writers.filter(({ member }) => !includesKey(atDesk, member)).map(({ member }) => member);
    const writers = state.writers.filter(({ member }) => includesKey(atDesk, member)).map(({ key, bot }) => ({ key, bot: bot === '' ? undefined : bot }));
    const askingKey = askingKeysOf(secretsOf(state)).publicKey;
    if (writers.length === 0 || (isSame(entry, writers) && sameBytes(entry.askingKey, askingKey))) continue;
    await reviseEntry(device, { ...withWriters(entry, writers, newestSeqOf(device, state)), askingKey });
    await tell();
    if (gone.length > 0) await renewWithout(device, board, gone);
  }
}

/** What stands in the log up to here somebody who has left may have announced. */
const newestSeqOf = (device: Device, { board }: StoredBoard): number => device.cursors.get(device.shardOf(board as MailboxId)) ?? 0;

function isSame({ writers, bots }: BoardEntry, wanted: readonly { key: Uint8Array; bot: string | undefined }[]): boolean {
  const people = wanted.filter(({ bot }) => bot === undefined);
  const named = wanted.filter(({ bot }) => bot !== undefined);
  return people.length === writers.length && people.every(({ key }) => includesKey(writers, key))
    && named.length === bots.length && named.every(({ key, bot }) => bots.some((one) => sameBytes(one.key, key) && one.name === bot));
}
