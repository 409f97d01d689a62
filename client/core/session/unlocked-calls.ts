/** The use cases of an unlocked profile: each goes to the part that carries it out. */
import { dismissAlarm } from './alarms.ts';
import type { Session } from './api.ts';
import { backupCalls } from './backup/calls.ts';
import { boardCalls } from './boards/calls.ts';
import type { Background } from './background.ts';
import { setMostShards, setNeighbour } from './bulletin-revision.ts';
import type { Conversation } from './conversation.ts';
import type { Device } from './device.ts';
import { repairCalls } from './repair/calls.ts';
import { anchorAnew } from './repair/standing.ts';
import { roomCalls } from './rooms/calls.ts';
import { talkCalls } from './talk/calls.ts';
import { safetyPhrase, setVerified } from './verify/verifying.ts';
import { within } from './within.ts';

/** What can be asked while everything is locked, and what changes that. */
export type FrontCall = 'subscribe' | 'overview' | 'found' | 'join' | 'joinAsDevice' | 'unlock' | 'lock' | 'restoreBackup' | 'comeBack' | 'stopAsking' | 'erase' | 'close';
export type UnlockedCalls = Omit<Session, FrontCall>;

/** Milliseconds that a newcomer's Welcome has to leave in. */
const FLUSH_MS = 20_000;

interface Parts {
  readonly device: Device;
  readonly background: Background;
  readonly conversation: Conversation;
}

export function unlockedCalls(open: Parts): UnlockedCalls {
  const { device, background } = open;
  const parts = () => open;
  const ready = async () => {
    await background.ready();
    return open;
  };
  const devices = () => background.devices();
  const files = () => background.files();
  const rooms = roomCalls(device, background);
  return {
    ...repairCalls(parts),
    ...boardCalls(parts),
    ...rooms,
    safetyPhrase: async (room, member) => safetyPhrase(parts().device, room, member),
    setVerified: async (room, member, words) => setVerified(parts().device, room, member, words),
    ...backupCalls(() => device),

    invite: async () => (await ready()).background.admission.invite(),
    invitations: async () => parts().background.admission.invitations(),
    requests: async () => (await ready()).background.requests(),
    admit: async (request, phrase, as) => (await ready()).background.admission.admit(request, phrase, as),
    refuse: async (request) => (await ready()).background.admission.refuse(request),

    linkDevice: async (name) => (await (await ready()).background.devices()).linking.offer(name ?? ''),
    linkOffer: async () => (await devices()).linking.current(),
    cancelLink: async () => (await devices()).linking.cancel(),
    linkRequest: async () => (await devices()).linking.request(),
    confirmLink: async (request, phrase) => (await devices()).linking.confirm(request, phrase),
    refuseLink: async (request) => (await devices()).linking.refuse(request),
    devices: async () => (await devices()).list(),
    renameDevice: async (device, name) => (await devices()).rename(device, name),
    sendHistory: async (device, transfer) => (await devices()).past.send(device, transfer),
    removeDevice: async (device) => (await devices()).remove(device),

    people: async () => parts().background.views.people(),
    rooms: async () => parts().background.views.rooms(),
    members: async (room) => parts().background.views.members(room),
    createRoom: async (name, options) => parts().conversation.createRoom(name, options?.suite ?? 'xwing'),
    addMember: async (room, member) => {
      await (await ready()).background.changes.add(room, member);
      await within(FLUSH_MS, background.outbox.flush());
    },
    removeMember: async (room, member) => (await ready()).background.changes.remove(room, member),
    renewKeys: async (room) => (await ready()).background.changes.renewKeys(room),
    setQuiet: async (room, quiet) => parts().background.changes.changeSettings(room, (settings) => ({ ...settings, quiet })),
    setAdmin: async (room, member, admin) => parts().conversation.setAdmin(room, member, admin),

    ...talkCalls((work) => work, parts),
    delivered: async (room, message) => parts().conversation.delivered(room, message),
    sendFile: async (room, source, about) => (await files()).send(room, source, about),
    saveFile: async (room, message, sink, transfer) => (await files()).save(room, message, sink, transfer),
    fetchFile: async (room, message, transfer) => (await files()).fetch(room, message, transfer),
    withdrawFile: async (room, message) => (await files()).withdraw(room, message),
    cancelTransfer: async (transfer) => (await files()).cancel(transfer),
    filesUnderWay: async (room) => (await files()).underWay(room),
    isFileHere: async (room, message) => (await files()).isHere(room, message),
    filesOf: async (room, options) => parts().background.views.files(room, options?.before, (await files()).find),
    retry: async (room, message) => parts().conversation.retry(room, message),

    search: async (request, options) => (await parts().background.searching.load()).search(request, options),
    searchState: async () => (await parts().background.searching.load()).state(),

    dismissAlarm: async (id) => parts().device.change(async (draft) => {
      if (dismissAlarm(draft, id) === 'forked') anchorAnew(draft);
    }),

    setNeighbour: async (address) => {
      const { device, background } = await ready();
      await setNeighbour(device, address);
      await background.tellBulletins();
    },
    setMostShards: async (shards) => {
      const { device, background } = await ready();
      await setMostShards(device, shards);
      await background.tellBulletins();
    },
    offeredNeighbour: async () => (await parts().device.relay.hello({ known: true })).neighbour,

    catchUp: async () => (await ready()).background.log.catchUp(),
    nudge: async () => parts().background.nudge(),
  };
}
