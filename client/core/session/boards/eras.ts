/** A new era: begun by a coordinator's device where readers are to be left out, or where somebody has left the desk. */
import { create } from '@bufbuild/protobuf';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { MailboxId, PostVerifyKey, Signature, Slot } from '#shared/ids.ts';
import { recordCost } from '#shared/postage.ts';
import { commitMessage, nextKeyMessage } from '#shared/signing.ts';
import { fromHex, hex, randomBytes, sha256 } from '#shared/sodium.ts';
import { BoardRemovalSchema } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { StoredBoard_BeginningSchema, type StoredBoard, type StoredBoard_Beginning } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { leafFrom } from '../../domain/boards/cover.ts';
import { includesKey } from '../../domain/signing.ts';
import { SessionFailure, type BoardId, type MemberId } from '../api.ts';
import type { Device } from '../device.ts';
import { orDuplicate, isStale } from '../outgoing.ts';
import { paid } from '../paying.ts';
import { boardIn, entryIn, postSignerOf, secretsOf, treeOf } from './board-state.ts';
import { takeRemoval, tellDesk } from './desk.ts';
import { sealOpening } from './era-opening.ts';
import { allReaders, isReading } from './readers.ts';
import { leafOf } from './tree-keys.ts';

/** Tries after another coordinator's device was faster. */
const TRIES = 8;

/** Noted and told to the desk; the era begins as soon as the relay can be reached. @throws SessionFailure `not-allowed` | `not-a-member` */
export async function removeReaders(device: Device, board: BoardId, members: readonly MemberId[]): Promise<void> {
  const keys = members.map((member) => fromHex(member)).filter((key) => key !== undefined);
  await device.change(async (draft) => {
    const state = boardIn(draft, board);
    secretsOf(state);
    // Coordinators read what they announce: they leave the desk first.
    if (keys.some((key) => includesKey(state.writers.map(({ member }) => member), key))) throw new SessionFailure('not-allowed');
    const removal = create(BoardRemovalSchema, { board: state.board, members: keys });
    tellDesk(draft, state, { case: 'removal', value: removal });
    await takeRemoval(draft, state, removal);
    draft.boards.set(board, { ...boardIn(draft, board), beginning: create(StoredBoard_BeginningSchema) });
  });
  await beginNoted(device, board);
}

/** Where this device has said that it begins an era and the log does not show it yet. */
export async function beginNoted(device: Device, board: BoardId, follow: () => Promise<void> = async () => undefined): Promise<void> {
  for (let tries = 0; tries < TRIES && device.boards.get(board)?.beginning !== undefined; tries += 1) {
    const beginning = await sealBeginning(device, board);
    if (beginning === undefined) return;
    try {
      await post(device, board, beginning);
    } catch (thrown) {
      if (!isStale(thrown)) throw thrown;
      // Another coordinator's device was faster: ours is made anew behind it.
      await device.change(async (draft) => draft.boards.set(board, { ...boardIn(draft, board), beginning: create(StoredBoard_BeginningSchema) }));
    }
    await follow();
  }
}

async function sealBeginning(device: Device, board: BoardId): Promise<StoredBoard_Beginning | undefined> {
  const readers = (await allReaders(device, board)).filter(isReading);
  return device.change(async (draft) => {
    const state = boardIn(draft, board);
    const secrets = secretsOf(state);
    if (state.beginning === undefined || (state.beginning.body.length > 0 && state.beginning.slot === state.era)) return state.beginning;
    const tree = treeOf(secrets);
    const removed = secrets.removed.flatMap((leaf) => leafFrom(leaf) ?? []);
    const secret = randomBytes(32);
    const era = Number(state.era) + 1;
    const body = sealOpening(tree, { board: state.board, era, secret }, readers.map(({ member }) => leafOf(tree, member)), removed);
    if (body === undefined) throw new SessionFailure('internal');
    const beginning = signed(device, state, body, secret);
    draft.boards.set(board, { ...state, beginning });
    return beginning;
  });
}

/** What the relay asks of a commit: by this era's post key over body and next key, and by the next over the same. */
function signed(device: Device, state: StoredBoard, body: Uint8Array, secret: Uint8Array): StoredBoard_Beginning {
  const secrets = secretsOf(state);
  const [now, next] = [postSignerOf(secrets, secrets.eraSecret), postSignerOf(secrets, secret)];
  const facts = { hub: device.hub, mailbox: state.board as MailboxId, slot: Number(state.era) as Slot, kind: Kind.COMMIT, bodyHash: sha256(body) };
  const nextVerifyKey = next.key as PostVerifyKey;
  return create(StoredBoard_BeginningSchema, {
    body, slot: state.era, nextVerifyKey, signature: now.sign(commitMessage(facts, nextVerifyKey)), nextProof: next.sign(nextKeyMessage(facts, nextVerifyKey)),
  });
}

async function post(device: Device, board: BoardId, { body, slot, signature, nextVerifyKey, nextProof }: StoredBoard_Beginning): Promise<void> {
  const mailbox = entryIn(device, board).board as MailboxId;
  await paid(device, `era ${hex(sha256(body))}`, recordCost(body.length), (postage) => orDuplicate(device.relay.commit({
    mailbox, slot: Number(slot) as Slot, body, signature: signature as Signature, nextVerifyKey: nextVerifyKey as PostVerifyKey, nextProof: nextProof as Signature, postage,
  })));
}
