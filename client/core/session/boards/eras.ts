/** A new era: begun by a coordinator's device where readers are to be left out, or where somebody has left the desk. */
import { create } from '@bufbuild/protobuf';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { MailboxId, PostVerifyKey, Signature, Slot } from '#shared/ids.ts';
import { recordCost } from '#shared/postage.ts';
import { commitMessage, nextKeyMessage, postMessage } from '#shared/signing.ts';
import { fromHex, hex, randomBytes, sha256 } from '#shared/sodium.ts';
import { BoardRemovalSchema, BoardSecrets_MaskingSchema, type BoardSecrets } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { StoredBoard_BeginningSchema, StoredBoard_NoticeSchema, type StoredBoard, type StoredBoard_Beginning, type StoredReader } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { leafFrom } from '../../domain/boards/cover.ts';
import { includesKey, type Signer } from '../../domain/signing.ts';
import { SessionFailure, type BoardId, type MemberId } from '../api.ts';
import type { Device } from '../device.ts';
import { orDuplicate, isStale } from '../outgoing.ts';
import { paid } from '../paying.ts';
import { boardIn, entryIn, postSignerOf, secretsOf, treeOf } from './board-state.ts';
import { takeRemoval, tellDesk } from './desk.ts';
import { sealOpening } from './era-opening.ts';
import { allReaders, dropReader, isReading } from './readers.ts';
import { sealRenewal } from './renewal.ts';
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
      await device.change(async (draft) => draft.boards.set(board, { ...boardIn(draft, board), beginning: create(StoredBoard_BeginningSchema, { renew: beginning.renew }) }));
    }
    await follow();
  }
}

async function sealBeginning(device: Device, board: BoardId): Promise<StoredBoard_Beginning | undefined> {
  const readers = (await allReaders(device, board)).filter(isReading);
  return device.change(async (draft) => {
    const state = boardIn(draft, board);
    const { beginning } = state;
    if (beginning === undefined || (beginning.body.length > 0 && beginning.slot === state.era)) return beginning;
    const sealed = beginning.renew ? renewed(device, state, readers) : opened(device, state, readers);
    draft.boards.set(board, { ...state, beginning: sealed });
    return sealed;
  });
}

function opened(device: Device, state: StoredBoard, readers: readonly StoredReader[]): StoredBoard_Beginning {
  const secrets = secretsOf(state);
  const tree = treeOf(secrets);
  const secret = randomBytes(32);
  const removed = secrets.removed.flatMap((leaf) => leafFrom(leaf) ?? []);
  const body = sealOpening(tree, { board: state.board, era: Number(state.era) + 1, secret }, readers.map(({ member }) => leafOf(tree, member)), removed);
  if (body === undefined) throw new SessionFailure('internal');
  return signed(device, state, body, postSignerOf(secrets, secret));
}

/** Whoever knows how readers' keys are made knows nothing of these: nodes' keys are masked, and the desk has another secret and another asking key. */
function renewed(device: Device, state: StoredBoard, readers: readonly StoredReader[]): StoredBoard_Beginning {
  const secrets = secretsOf(state);
  const era = Number(state.era) + 1;
  const [secret, mask] = [randomBytes(32), randomBytes(32)];
  const bodies = sealRenewal(state.board, era, { secret, mask }, readers.map(({ sealKey }) => sealKey));
  const next: BoardSecrets = {
    ...secrets, era: BigInt(era), eraSecret: secret, deskSecret: randomBytes(32), askingSeed: randomBytes(32), removed: [], n: 0,
    masks: [...secrets.masks, create(BoardSecrets_MaskingSchema, { era: BigInt(era), mask })],
  };
  const signer = postSignerOf(secrets, secrets.eraSecret);
  const notices = bodies.slice(0, -1).map((body) => create(StoredBoard_NoticeSchema, { body, signature: signer.sign(postMessage({ ...placeOf(device, state), kind: Kind.NOTICE, bodyHash: sha256(body) })) }));
  return { ...signed(device, state, bodies.at(-1) as Uint8Array, postSignerOf(next, secret)), renew: true, renewed: next, notices };
}

const placeOf = ({ hub }: Device, { board, era }: StoredBoard) => ({ hub, mailbox: board as MailboxId, slot: Number(era) as Slot });

/** What the relay asks of a commit: by this era's post key over body and next key, and by the next over the same. */
function signed(device: Device, state: StoredBoard, body: Uint8Array, next: Signer): StoredBoard_Beginning {
  const secrets = secretsOf(state);
  const facts = { ...placeOf(device, state), kind: Kind.COMMIT, bodyHash: sha256(body) };
  const nextVerifyKey = next.key as PostVerifyKey;
  return create(StoredBoard_BeginningSchema, {
    body, slot: state.era, nextVerifyKey, signature: postSignerOf(secrets, secrets.eraSecret).sign(commitMessage(facts, nextVerifyKey)), nextProof: next.sign(nextKeyMessage(facts, nextVerifyKey)),
  });
}

async function post(device: Device, board: BoardId, { body, slot: era, signature, nextVerifyKey, nextProof, notices }: StoredBoard_Beginning): Promise<void> {
  const at = { mailbox: entryIn(device, board).board as MailboxId, slot: Number(era) as Slot };
  for (const notice of notices) {
    await paid(device, `renewal ${hex(sha256(notice.body))}`, recordCost(notice.body.length), (postage) =>
      orDuplicate(device.relay.post({ ...at, kind: 'notice', body: notice.body, signature: notice.signature as Signature, postage })));
  }
  await paid(device, `era ${hex(sha256(body))}`, recordCost(body.length), (postage) => orDuplicate(device.relay.commit({
    ...at, body, signature: signature as Signature, nextVerifyKey: nextVerifyKey as PostVerifyKey, nextProof: nextProof as Signature, postage,
  })));
}

/** Somebody who knew how readers' keys are made has left the desk; they do not read on, unless they subscribe like anybody else. */
export async function renewWithout(device: Device, board: BoardId, members: readonly Uint8Array[]): Promise<void> {
  await device.change(async (draft) => {
    const state = boardIn(draft, board);
    for (const member of members) dropReader(draft, state, member);
    const writers = state.writers.filter(({ member }) => !includesKey(members, member));
    draft.boards.set(board, { ...state, writers, beginning: create(StoredBoard_BeginningSchema, { renew: true }) });
  });
}
