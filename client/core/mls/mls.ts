/**
 * The Mls port on ts-mls 1.6.4 and libsodium. Call `await sodiumReady()` once before using it.
 * Every trap of the library is closed in the file that meets it; docs/protocol/rooms.md lists them.
 */
import { add, changeSettings, remove, update } from './commits.ts';
import { openDrop, sealDrop } from './drops.ts';
import { createRoom, joinRoom } from './joining.ts';
import { checkKeyPackage, dropTag, newKeyPackage } from './key-packages.ts';
import { encrypt } from './messages.ts';
import { open } from './opening.ts';
import { decodeRoom, encodeRoom } from './persistence.ts';
import type { Mls } from './port.ts';
import { cryptoFor } from './provider.ts';
import { activeStateOf, toLeaf } from './room-state.ts';
import { exportFrom, postKeyOf } from './secrets.ts';

const inspectKeyPackage: Mls['inspectKeyPackage'] = async (bytes) => {
  const checked = await checkKeyPackage(bytes);
  if (checked === undefined) return undefined;
  const { suite, keyPackage } = checked;
  return { suite, leaf: toLeaf(keyPackage.leafNode, -1), tag: await dropTag(keyPackage, cryptoFor(suite)) };
};

export function createMls(): Mls {
  return {
    newKeyPackage,
    inspectKeyPackage,
    create: createRoom,
    join: joinRoom,
    sealDrop,
    openDrop,
    add,
    remove,
    update,
    changeSettings,
    encrypt,
    open,
    postKey: async (room) => postKeyOf(activeStateOf(room)),
    exportSecret: async (room, label, context, length) => exportFrom(activeStateOf(room), label, context, length),
    encode: encodeRoom,
    decode: decodeRoom,
  };
}
