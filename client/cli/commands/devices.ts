/** One's own devices: bringing in another one, and taking one out. */
import { SessionFailure, type OwnDevice, type Session } from '#core/session/api.ts';
import type { Command } from '../command.ts';
import { findDevice, findRequest } from '../find.ts';
import { plainLine } from '../output.ts';

const LOOK_MS = 300;

export const link: Command = {
  words: ['link'],
  places: [],
  flags: ['name'],
  help: 'Make a link for another device of yours; there: thicket join LINK --name "my laptop". It holds for ten minutes. --name names this device.',
  needs: 'open',
  async run({ session, out, flags: { name } }) {
    const { id, link: text, expiresAt } = await session.linkDevice(name);
    out.say({ id, link: text, expiresAt }, text);
    out.tell('Open it on the other device within ten minutes. Then: thicket link show');
  },
};

export const linkShow: Command = {
  words: ['link', 'show'],
  places: [],
  flags: [],
  help: 'Show which device opened the link, and the phrase that must stand on its screen.',
  needs: 'open',
  async run({ session, out }) {
    const request = await session.linkRequest();
    if (request === undefined) return out.tell('No device has opened the link.');
    const { id, name, phrase, contested } = request;
    out.say({ id, name, phrase: phrase.join(' '), contested }, `${id}  ${plainLine(name)}  ${phrase.join(' ')}`);
    if (contested) out.tell('    Somebody else tried the same link as well. Look at every word on your own device.');
  },
};

export const linkConfirm: Command = {
  words: ['link', 'confirm'],
  places: ['REQUEST'],
  flags: ['phrase'],
  required: ['phrase'],
  help: 'Link the device, if the phrase on its screen is the one you see, and bring it into your rooms.',
  needs: 'open',
  async run({ session, out, places: [typed = ''], flags: { phrase = '' }, ending }) {
    const request = await session.linkRequest();
    const { id, name } = findRequest(request === undefined ? [] : [request], typed);
    const device = await session.confirmLink(id, phrase);
    out.tell('Bringing it into your rooms …');
    await untilTrue(session, ending, (devices) => devices.some((one) => one.id === device && one.state === 'here' && one.rooms.done === one.rooms.total));
    out.say({ linked: true, id: device, name }, `${plainLine(name)} is linked and in your rooms.`);
  },
};

export const devices: Command = {
  words: ['devices'],
  places: [],
  flags: [],
  help: 'Show your devices.',
  needs: 'open',
  async run({ session, out }) {
    for (const { id, name, isThis, linkedDay, state, rooms } of await session.devices()) {
      const since = linkedDay === undefined ? null : new Date(linkedDay * 86_400_000).toISOString().slice(0, 10);
      const words = `${id.slice(0, 8)}  ${plainLine(name || '(no name)')}${isThis ? '  (this one)' : ''}${since === null ? '' : `  since ${since}`}`;
      out.say({ id, name, this: isThis, linked: since, state, rooms: rooms.done }, state === 'here' ? words : `${words}  ${state}`);
    }
  },
};

export const renameDevice: Command = {
  words: ['device', 'rename'],
  places: ['DEVICE', 'NAME'],
  flags: [],
  help: 'Name one of your devices. Only your devices see it.',
  needs: 'open',
  async run({ session, out, places: [typed = '', name = ''] }) {
    const { id } = findDevice(await session.devices(), typed);
    await session.renameDevice(id, name);
    out.say({ id, name }, `It is called ${plainLine(name)} now.`);
  },
};

export const removeDevice: Command = {
  words: ['device', 'remove'],
  places: ['DEVICE'],
  flags: [],
  help: 'Take one of your devices out of every room. It reads nothing new; what it has it keeps.',
  needs: 'open',
  async run({ session, out, places: [typed = ''], ending }) {
    const { id, name } = findDevice(await session.devices(), typed);
    await session.removeDevice(id);
    await untilTrue(session, ending, (now) => now.every((one) => one.id !== id));
    out.say({ removed: true, id, name }, `${plainLine(name || 'The device')} is out of your rooms.`);
  },
};

async function untilTrue(session: Session, ending: AbortSignal, holds: (devices: readonly OwnDevice[]) => boolean): Promise<void> {
  while (!holds(await session.devices())) {
    if (ending.aborted) throw new SessionFailure('timeout');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
