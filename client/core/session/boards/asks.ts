/** Sealed drops of boards: askings and replies for the desk, answers for a reader. */
import { create, toBinary } from '@bufbuild/protobuf';
import { SEALED_DROP_SIZE } from '#shared/limits.ts';
import { isHpkePublicKey } from '#shared/hpke.ts';
import { ed25519Verify, hex, sha256, type KemKeyPair } from '#shared/sodium.ts';
import { BoardAdmittedFactsSchema, BoardAskFactsSchema, BoardDropSchema } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { Joining, type Signed } from '../../content/gen/thicket/content/v1/content_pb.ts';
import type { StoredBoard, StoredReader } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { leafBytes } from '../../domain/boards/cover.ts';
import { memberOfAdmission } from '../../domain/membership.ts';
import { decode } from '../../domain/parsing.ts';
import { cleanName } from '../../domain/room-policy.ts';
import { includesKey, LABELS, sameBytes, signersOf, signFacts } from '../../domain/signing.ts';
import type { LogRecord } from '../../relay/port.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { settingsOf } from '../room-state.ts';
import { signerFrom } from '../signer.ts';
import { readerKeys } from './board-keys.ts';
import { chainFromNow } from './board-record.ts';
import { askingKeysOf, entryIn, eraKeysOf, Reading, secretsOf, treeOf } from './board-state.ts';
import { dropReader, putReader, readerIn } from './readers.ts';
import { takeReply } from './replies.ts';
import { openSealedDrop } from './sealed-drop.ts';
import { enqueueSealed, takeAdmitted } from './subscribing.ts';
import { leafOf, pathKeys } from './tree-keys.ts';

/** Key pairs take a while to make, and every such drop is held against them. */
const pairs = new WeakMap<Device, Map<string, KemKeyPair>>();
function pairFor(device: Device, name: string, make: () => KemKeyPair): KemKeyPair {
  const known = pairs.get(device) ?? new Map<string, KemKeyPair>();
  pairs.set(device, known);
  const pair = known.get(name) ?? make();
  known.set(name, pair);
  return pair;
}

/** @returns true if it was of a board */
export async function applyBoardDrop(draft: Draft, record: LogRecord): Promise<boolean> {
  if (record.body.length !== SEALED_DROP_SIZE) return false;
  for (const [id, state] of [...draft.boards.entries()]) {
    const { secrets } = state;
    const asked = secrets && openSealedDrop(pairFor(draft.device, `desk ${hex(sha256(secrets.askingSeed))}`, () => askingKeysOf(secrets)), record.body);
    const answered = state.reading === Reading.ASKED ? openSealedDrop(pairFor(draft.device, `reader ${id}`, () => readerKeys(draft.profile.memberSeed, state.board)), record.body) : undefined;
    const content = asked ?? answered;
    if (content === undefined) continue;
    const { what } = decode(BoardDropSchema, content) ?? { what: undefined };
    if (asked !== undefined && what?.case === 'ask') await takeAsk(draft, state, what.value, record);
    if (asked !== undefined && what?.case === 'reply') await takeReply(draft, state, what.value, record.seq);
    if (answered !== undefined && what?.case === 'admitted') await takeAdmitted(draft, state, what.value);
    return true;
  }
  return false;
}

async function takeAsk(draft: Draft, state: StoredBoard, signed: Signed, record: LogRecord): Promise<void> {
  const facts = decode(BoardAskFactsSchema, signed.facts);
  if (facts?.admission === undefined || !sameBytes(facts.hub, draft.device.hub) || !sameBytes(facts.board, state.board) || !isHpkePublicKey('xwing', facts.sealKey)) return;
  const vouched = memberOfAdmission(facts.admission, draft.constitution, ed25519Verify);
  if (typeof vouched === 'string' || !includesKey(signersOf(LABELS.boardAsk, signed, ed25519Verify), vouched.memberKey)) return;
  const { memberKey } = vouched;
  const known = await readerIn(draft, state, memberKey);
  if (facts.off) {
    if (known !== undefined && !known.removed) dropReader(draft, state, memberKey);
    return;
  }
  // Whoever was removed is told nothing.
  if (known?.removed === true) return;
  const isIn = known?.admitted === true || entryIn(draft, hex(state.board)).joining === Joining.OPEN;
  if (!isIn && cleanName(facts.name) !== facts.name) return;
  const reader = await putReader(draft, state, memberKey, { sealKey: facts.sealKey, day: facts.day, admitted: known?.admitted === true, name: isIn ? '' : facts.name });
  if (isIn) await answerAsk(draft, state, reader, { refused: false, isOurs: isOurTurn(draft, state, record) });
}

/** One of the devices at the desk answers, by chance; should it be away, the next asking falls to another. */
function isOurTurn(draft: Draft, { desk }: StoredBoard, { body }: LogRecord): boolean {
  const leaves = draft.rooms.get(desk)?.room.leaves ?? [];
  const chosen = leaves[(new DataView(sha256(body).buffer).getUint32(0)) % Math.max(leaves.length, 1)];
  return chosen !== undefined && chosen.index === draft.rooms.get(desk)?.room.ownLeaf;
}

/** @param isOurs this device is to send it; the others note it alone */
export async function answerAsk(draft: Draft, state: StoredBoard, reader: StoredReader, { refused, isOurs }: { readonly refused: boolean; readonly isOurs: boolean }): Promise<void> {
  if (refused) dropReader(draft, state, reader.member);
  else await putReader(draft, state, reader.member, { admitted: true, name: '' });
  if (!isOurs) return;
  const secrets = secretsOf(state);
  const { hub } = draft.device;
  const about = { hub, board: state.board, member: reader.member };
  const tree = treeOf(secrets);
  const leaf = leafOf(tree, reader.member);
  const room = draft.rooms.get(state.desk);
  const chain = chainFromNow(eraKeysOf(state).chain);
  const facts = create(BoardAdmittedFactsSchema, refused ? { ...about, refused } : {
    ...about, era: state.era, nodeKeys: pathKeys(tree, leaf, Number(state.era)), leaf: leafBytes(leaf), outerKey: state.outerKey,
    chain: chain.key, n: chain.from, name: room === undefined ? state.name : settingsOf(room.room).name,
  });
  enqueueSealed(draft, reader.sealKey, { case: 'admitted', value: signFacts(LABELS.boardAdmitted, toBinary(BoardAdmittedFactsSchema, facts), [signerFrom(secrets.boardSeed)]) });
}
