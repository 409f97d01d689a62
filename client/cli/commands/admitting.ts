/** Inviting people, and letting them in. */
import type { Command } from '../command.ts';
import { findPerson, findRequest } from '../find.ts';
import { plainLine } from '../output.ts';

export const invite: Command = {
  words: ['invite'],
  places: [],
  flags: [],
  help: 'Make an invitation link for one person. It holds for 72 hours.',
  needs: 'open',
  async run({ session, out }) {
    const { id, link, expiresAt } = await session.invite();
    out.say({ id, link, expiresAt }, link);
    out.tell('For one person, until ' + new Date(expiresAt).toLocaleString() + '. Then: thicket requests');
  },
};

export const requests: Command = {
  words: ['requests'],
  places: [],
  flags: [],
  help: 'Show who is waiting to be admitted, and the phrase each of them has to read to you.',
  needs: 'open',
  async run({ session, out }) {
    const waiting = await session.requests();
    for (const { id, name, phrase, contested, returning, perhaps } of waiting) {
      out.say({ id, name, phrase: phrase.join(' '), contested, returning: returning !== undefined, perhaps: perhaps.map(({ fingerprint }) => fingerprint) }, `${id}  ${plainLine(name)}  ${phrase.join(' ')}`);
      if (returning !== undefined) out.tell('    They are back with another device, which takes the place of the old one in the rooms you look after.');
      for (const { fingerprint } of perhaps) out.tell(`    Somebody of this name is known: ${fingerprint}. If it is them, with every device lost: admit … --as "${fingerprint}"`);
      if (contested) out.tell('    Somebody else tried the same link as well. Compare the phrase with special care.');
    }
    if (waiting.length === 0) out.tell('Nobody is waiting.');
  },
};

export const admit: Command = {
  words: ['admit'],
  places: ['REQUEST'],
  flags: ['phrase', 'as'],
  required: ['phrase'],
  help: 'Admit somebody, if the phrase they read to you is the one you see. --as MEMBER: they are that person again, who lost every device, and take their place in the rooms you look after.',
  needs: 'open',
  async run({ session, out, places: [typed = ''], flags: { phrase = '', as } }) {
    const request = findRequest(await session.requests(), typed);
    if (as === undefined) await session.admit(request.id, phrase);
    else await session.admit(request.id, phrase, findPerson(await session.people(), as).id);
    out.say({ admitted: true, id: request.id, name: request.name }, `${plainLine(request.name)} is admitted.`);
  },
};
