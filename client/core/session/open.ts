/**
 * The session as the web client and the command line hold it. Each use case goes to the part that carries it out, and
 * whatever is thrown below leaves here as a SessionFailure.
 */
import { sodiumReady } from '#shared/sodium.ts';
import { dismissAlarm } from './alarms.ts';
import { SessionFailure, type Session } from './api.ts';
import { LOOKING_AFTER, SESSION_CALLS } from './api/calls.ts';
import { safetyPhrase, setVerified } from './verify/verifying.ts';
import { backupCalls } from './backup/calls.ts';
import { setMostShards, setNeighbour } from './bulletin-revision.ts';
import { asSessionFailure } from './failure.ts';
import { repairCalls } from './repair/calls.ts';
import { anchorAnew } from './repair/standing.ts';
import { talkCalls } from './talk/calls.ts';
import { SessionKeeper, type SessionDeps } from './keeper.ts';

export type { SessionDeps };

export async function openSession(deps: SessionDeps): Promise<Session> {
  await sodiumReady();
  return sessionOf(new SessionKeeper(deps));
}

/** Every method behind the same guard, so nothing raw ever leaves. */
function sessionOf(keeper: SessionKeeper): Session {
  const guard = <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      try {
        return await work(...args);
      } catch (thrown) {
        throw asSessionFailure(thrown);
      }
    };
  const parts = () => keeper.unlocked;
  const ready = async () => {
    const open = keeper.unlocked;
    await open.background.ready();
    return open;
  };
  const devices = () => parts().background.devices();
  const lookingAfter = Object.fromEntries(LOOKING_AFTER.map((name) =>
    [name, guard(async (...args: never[]) => (parts().rooms[name] as (...given: never[]) => Promise<unknown>)(...args))]));
  const files = () => parts().background.files();
  return {
    ...(Object.fromEntries(SESSION_CALLS.map((name) => [name, async () => { throw new SessionFailure('internal'); }])) as unknown as Session),
    ...eachOf(repairCalls(parts), guard),
    ...lookingAfter,
    subscribe: (listener) => keeper.subscribe(listener),
    overview: guard(() => keeper.overview()),
    found: guard((link, options) => keeper.found(link, options)),
    join: guard((link, options) => keeper.join(link, options)),
    joinAsDevice: guard((link, options) => keeper.joinAsDevice(link, options)),
    unlock: guard((passphrase) => keeper.unlock(passphrase)),
    lock: guard(() => keeper.lock()),
    restoreBackup: guard((source, words, options) => keeper.restore(source, words, options)),
    comeBack: guard((link, options) => keeper.comeBack(link, options)),
    safetyPhrase: guard(async (room, member) => safetyPhrase(parts().device, room, member)),
    setVerified: guard(async (room, member, words) => setVerified(parts().device, room, member, words)),
    ...eachOf(backupCalls(() => parts().device), guard),
    erase: guard(() => keeper.erase()),

    invite: guard(async () => (await ready()).background.admission.invite()),
    invitations: guard(async () => parts().background.admission.invitations()),
    requests: guard(async () => (await ready()).background.requests()),
    admit: guard(async (request, phrase) => (await ready()).background.admission.admit(request, phrase)),
    refuse: guard(async (request) => (await ready()).background.admission.refuse(request)),

    linkDevice: guard(async (name) => (await (await ready()).background.devices()).linking.offer(name ?? '')),
    linkOffer: guard(async () => (await devices()).linking.current()),
    cancelLink: guard(async () => (await devices()).linking.cancel()),
    linkRequest: guard(async () => (await devices()).linking.request()),
    confirmLink: guard(async (request, phrase) => (await devices()).linking.confirm(request, phrase)),
    refuseLink: guard(async (request) => (await devices()).linking.refuse(request)),
    devices: guard(async () => (await devices()).list()),
    renameDevice: guard(async (device, name) => (await devices()).rename(device, name)),
    sendHistory: guard(async (device, transfer) => (await devices()).past.send(device, transfer)),
    removeDevice: guard(async (device) => (await devices()).remove(device)),

    people: guard(async () => parts().background.views.people()),
    rooms: guard(async () => parts().background.views.rooms()),
    members: guard(async (room) => parts().background.views.members(room)),
    createRoom: guard(async (name, options) => parts().conversation.createRoom(name, options?.suite ?? 'xwing')),
    addMember: guard(async (room, member) => {
      await (await ready()).background.changes.add(room, member);
      await keeper.flush();
    }),
    removeMember: guard(async (room, member) => (await ready()).background.changes.remove(room, member)),
    renewKeys: guard(async (room) => (await ready()).background.changes.renewKeys(room)),
    setQuiet: guard(async (room, quiet) => parts().background.changes.changeSettings(room, (settings) => ({ ...settings, quiet }))),
    setAdmin: guard(async (room, member, admin) => parts().conversation.setAdmin(room, member, admin)),

    ...talkCalls(guard, parts),
    delivered: guard(async (room, message) => parts().conversation.delivered(room, message)),
    sendFile: guard(async (room, source, about) => (await files()).send(room, source, about)),
    saveFile: guard(async (room, message, sink, transfer) => (await files()).save(room, message, sink, transfer)),
    fetchFile: guard(async (room, message, transfer) => (await files()).fetch(room, message, transfer)),
    withdrawFile: guard(async (room, message) => (await files()).withdraw(room, message)),
    cancelTransfer: guard(async (transfer) => (await files()).cancel(transfer)),
    filesUnderWay: guard(async (room) => (await files()).underWay(room)),
    isFileHere: guard(async (room, message) => (await files()).isHere(room, message)),
    filesOf: guard(async (room, options) => parts().background.views.files(room, options?.before, (await files()).find)),
    retry: guard(async (room, message) => parts().conversation.retry(room, message)),

    search: guard(async (request, options) => (await parts().background.searching.load()).search(request, options)),
    searchState: guard(async () => (await parts().background.searching.load()).state()),

    dismissAlarm: guard(async (id) => parts().device.change(async (draft) => {
      if (dismissAlarm(draft, id) === 'forked') anchorAnew(draft);
    })),

    setNeighbour: guard(async (address) => {
      const { device, background } = await ready();
      await setNeighbour(device, address);
      await background.tellBulletins();
    }),
    setMostShards: guard(async (shards) => {
      const { device, background } = await ready();
      await setMostShards(device, shards);
      await background.tellBulletins();
    }),
    offeredNeighbour: guard(async () => (await parts().device.relay.hello({ known: true })).neighbour),

    catchUp: guard(async () => (await ready()).background.log.catchUp()),
    nudge: guard(async () => parts().background.nudge()),
    close: guard(() => keeper.close()),
  };
}

type Call = (...args: never[]) => Promise<unknown>;

/** The calls of one area, each behind the guard. */
function eachOf<Calls extends object>(calls: Calls, guard: (call: Call) => Call): Calls {
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, guard(call as Call)])) as Calls;
}
