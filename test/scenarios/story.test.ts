/**
 * The main story, told by real engines over a real relay and a real PostgreSQL, on both suites: alice founds a hub, people
 * join by link and phrase, they make rooms, talk in many scripts, come back after a restart, and somebody is removed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoomId, SessionFailureCode } from '#core/session/api.ts';
import { Line } from '../harness/line.ts';
import { foundHub, PASSPHRASE, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

const VOICES = {
  alice: ['Rent strike at noon; bring a friend.', 'Ça ira, naïve façade, Straße 3, Łódź, İstanbul', 'e\u0301 and \u00e9 stay what they were'],
  bob: ['الاجتماع في الساعة السابعة مساءً', 'הפגישה בשבע בערב, בחדר 12', 'mixed: שלום and مرحبا in one line (12) [a]'],
  carol: ['बैठक शाम सात बजे है', '会议七点开始，别迟到。𠮷野家', '👩🏽‍🌾🏳️‍🌈👨‍👩‍👧‍👦🇵🇸 1️⃣ ❤️‍🔥', 'line one\nline two\n\n\tline four'],
} as const;

const refuses = (work: Promise<unknown>, code: SessionFailureCode): Promise<void> =>
  expect(work).rejects.toMatchObject({ name: 'SessionFailure', code });

for (const suite of ['xwing', 'classical'] as const) {
  describe(`the main story, ${suite}`, () => {
    let stop = async (): Promise<void> => undefined;
    let foundingLink: string;
    let alice: TestPerson;
    let bob: TestPerson;
    let carol: TestPerson;
    const carolsLine = new Line();

    beforeAll(async () => {
      const relay = await startTestRelay();
      stop = relay.stop;
      foundingLink = relay.foundingLink as string;
      alice = await foundHub(foundingLink);
      bob = await welcome(alice, 'bob');
      carol = await welcome(alice, 'carol', { relayAt: carolsLine.relayAt });
    });
    afterAll(async () => {
      for (const person of [alice, bob, carol]) await person.session.close();
      await stop();
    });

    const roomOf = async (...names: string[]): Promise<RoomId> => {
      const room = await alice.session.createRoom('Stairwell B', { suite });
      for (const name of names) await alice.add(room, name);
      for (const person of [bob, carol]) await person.session.catchUp();
      return room;
    };

    describe('coming in', () => {
      it('a founding link works once, and a forged one never', async () => {
        const mallory = await TestPerson.arrive('mallory');
        await refuses(mallory.found(foundingLink), 'already-founded');
        await refuses(mallory.found(`${new URL(foundingLink).origin}/#found=${'A'.repeat(43)}`), 'already-founded');
        await refuses(mallory.found('http://127.0.0.1:1/#found=short'), 'bad-link');
        expect((await mallory.session.overview()).stage, 'nothing is left of the attempts').toBe('empty');
      });

      it('without the phrase nobody is admitted, and the wrong one changes nothing', async () => {
        const dora = await TestPerson.arrive('dora');
        const { id, link } = await alice.session.invite();
        const { phrase } = await dora.session.join(link, { name: 'dora', passphrase: PASSPHRASE });
        const [request] = (await alice.session.requests()).filter((waiting) => waiting.id === id);
        expect(request).toMatchObject({ name: 'dora', phrase, contested: false });
        await refuses(alice.session.admit(id, [...phrase].reverse().join(' ')), 'phrase-differs');
        await refuses(dora.session.rooms(), 'not-admitted');
        await alice.session.admit(id, phrase.join('-').toUpperCase());
        await until(async () => (await dora.session.overview()).stage === 'open', 'dora to be in');
        await dora.session.close();
      });

      it('somebody refused learns it, and stays outside', async () => {
        const eve = await TestPerson.arrive('eve');
        const { id, link } = await alice.session.invite();
        await eve.session.join(link, { name: 'eve', passphrase: PASSPHRASE });
        await alice.session.refuse(id);
        await until(async () => (await eve.session.overview()).joinProblem === 'refused', 'eve to be told');
        await refuses(eve.session.rooms(), 'not-admitted');
        await eve.session.close();
      });

      it('an invitation is used by one, and the second one to try raises the alarm', async () => {
        const { id, link } = await alice.session.invite();
        const [fred, thief] = [await TestPerson.arrive('fred'), await TestPerson.arrive('thief')];
        const { phrase } = await fred.session.join(link, { name: 'fred', passphrase: PASSPHRASE });
        await refuses(thief.session.join(link, { name: 'thief', passphrase: PASSPHRASE }), 'somebody-else-claimed');
        expect((await thief.session.overview()).stage).toBe('empty');
        expect((await alice.session.requests()).find((request) => request.id === id)?.contested).toBe(true);
        await alice.session.admit(id, phrase.join(' '));
        await refuses(thief.session.join(link, { name: 'thief', passphrase: PASSPHRASE }), 'somebody-else-claimed');
        await until(async () => (await fred.session.overview()).stage === 'open', 'fred to be in');
        await fred.session.close();
      });

      it('an invitation nobody made, of another hub, or cut short, opens nothing', async () => {
        const mallory = await TestPerson.arrive('mallory');
        const { link } = await alice.session.invite();
        const [front, payload = ''] = link.split('#join=');
        const bytes = Buffer.from(payload, 'base64url');
        const changed = (at: number): string => {
          const copy = Buffer.from(bytes);
          copy[at] = (copy[at] as number) ^ 1;
          return `${front}#join=${copy.toString('base64url')}`;
        };
        const join = (forged: string) => mallory.session.join(forged, { name: 'mallory', passphrase: PASSPHRASE });
        // version (2 bytes), then secret, hub and inviter: a tag, a length and 16 bytes each.
        await refuses(join(changed(4)), 'link-expired');
        await refuses(join(changed(22)), 'link-of-other-hub');
        await refuses(join(link.slice(0, -10)), 'bad-link');
        await refuses(join(link.replace('#join=', '#found=')), 'bad-link');
        await refuses(join('not a link at all'), 'bad-link');
        expect((await mallory.session.overview()).stage).toBe('empty');
      });

      it('names and passphrases that are none are refused before anything happens', async () => {
        const { link } = await alice.session.invite();
        const nobody = await TestPerson.arrive('nobody');
        await refuses(nobody.session.join(link, { name: ' \u202e ', passphrase: PASSPHRASE }), 'bad-name');
        await refuses(nobody.session.join(link, { name: 'nobody', passphrase: 'short' }), 'weak-passphrase');
        expect((await nobody.session.overview()).stage).toBe('empty');
      });
    });

    describe('a room', () => {
      it('carries every script, in order, and survives the restart of each device', async () => {
        const room = await roomOf('bob', 'carol');
        const said: string[] = [];
        for (let turn = 0; turn < 4; turn += 1) {
          for (const person of [alice, bob, carol]) {
            const text = VOICES[person.name as keyof typeof VOICES][turn];
            if (text === undefined) continue;
            await person.say(room, text);
            said.push(text);
          }
        }
        for (const person of [alice, bob, carol]) expect(await person.texts(room), person.name).toEqual(said);
        for (const person of [alice, bob, carol]) {
          await person.restart();
          expect((await person.session.timeline(room)).items.flatMap((item) => (item.kind === 'message' ? [item.text] : [])), `${person.name}, before any reading`).toEqual(said);
        }
        await bob.say(room, 'still here');
        for (const person of [alice, bob, carol]) expect((await person.texts(room)).at(-1)).toBe('still here');
      });

      it('takes messages up to the limit, and refuses empty and longer ones', async () => {
        const room = await roomOf('bob');
        const longest = ['字'.repeat(16_000), '👍'.repeat(8_000), 'a'.repeat(16_000)];
        for (const text of longest) await alice.say(room, text);
        await refuses(alice.session.send(room, '字'.repeat(16_001)), 'message-too-long');
        await refuses(alice.session.send(room, ' \n\t '), 'message-empty');
        expect(await bob.texts(room)).toEqual(longest);
      });

      it('a removed member reads nothing newer, cannot write, and the rest talk on', async () => {
        const room = await roomOf('bob', 'carol');
        await bob.say(room, 'before');
        await alice.remove(room, 'bob');
        await alice.say(room, 'after');
        expect(await bob.texts(room)).toEqual(['before']);
        expect((await bob.events(room)).at(-1)).toBe('removed-me');
        expect((await bob.session.rooms()).find(({ id }) => id === room)?.active).toBe(false);
        await refuses(bob.session.send(room, 'let me in'), 'room-inactive');
        await carol.session.catchUp();
        await carol.say(room, 'and on');
        expect(await alice.texts(room)).toEqual(['before', 'after', 'and on']);
        await bob.restart();
        expect(await bob.texts(room), 'nor after a restart').toEqual(['before']);
      });

      it('somebody removed can come back, and misses only what was said without them', async () => {
        const room = await roomOf('bob', 'carol');
        await alice.say(room, 'one');
        await bob.session.catchUp();
        await alice.remove(room, 'bob');
        await alice.say(room, 'two');
        await alice.add(room, 'bob');
        await alice.say(room, 'three');
        expect(await bob.texts(room)).toEqual(['one', 'three']);
        await bob.say(room, 'back');
        expect(await carol.texts(room)).toEqual(['one', 'two', 'three', 'back']);
      });

      it('nobody is in it twice, however often they are added', async () => {
        const room = await roomOf('bob', 'carol');
        await refuses(alice.add(room, 'bob'), 'already-member');
        const bobsId = (await alice.seen('bob')).id;
        await alice.remove(room, 'bob');
        // Both at once, from one device: the second finds it done.
        await Promise.all([1, 2].map(() => alice.session.addMember(room, bobsId).catch((failure: unknown) => expect(failure).toMatchObject({ code: 'already-member' }))));
        expect((await alice.session.members(room)).filter(({ name }) => name === 'bob')).toHaveLength(1);
        await alice.remove(room, 'bob');
        await refuses(alice.session.removeMember(room, bobsId), 'not-a-member');
      });

      it('two people added at once by one device both come in', async () => {
        const room = await roomOf();
        const ids = await Promise.all(['bob', 'carol'].map(async (name) => (await alice.seen(name)).id));
        await Promise.all(ids.map((id) => alice.session.addMember(room, id)));
        await alice.say(room, 'welcome, both');
        expect(await bob.texts(room)).toEqual(['welcome, both']);
        expect(await carol.texts(room)).toEqual(['welcome, both']);
      });

      it('only admins change it; an admin made so may, and one who no longer is may not', async () => {
        const room = await roomOf('bob', 'carol');
        const [bobsId, carolsId] = [(await alice.seen('bob')).id, (await alice.seen('carol')).id];
        await refuses(bob.session.removeMember(room, carolsId), 'not-allowed');
        await refuses(bob.session.addMember(room, carolsId), 'not-allowed');
        await refuses(bob.session.setAdmin(room, bobsId, true), 'not-allowed');
        await alice.session.setAdmin(room, bobsId, true);
        await bob.session.catchUp();
        await bob.session.removeMember(room, carolsId);
        await alice.session.catchUp();
        await alice.session.setAdmin(room, bobsId, false);
        await bob.session.catchUp();
        await refuses(bob.session.addMember(room, carolsId), 'not-allowed');
        await refuses(alice.session.setAdmin(room, (await alice.session.overview()).me?.id as string, false), 'not-allowed');
        expect((await bob.session.members(room)).map(({ name, admin }) => [name, admin])).toEqual([['alice', true], ['bob', false]]);
      });

      it('people of one name are told apart by their fingerprints', async () => {
        const twins = [await welcome(alice, 'Sam'), await welcome(alice, 'sam')];
        const seen = (await alice.session.people()).filter(({ name }) => name.toLowerCase() === 'sam');
        expect(seen.map(({ ambiguous }) => ambiguous)).toEqual([true, true]);
        expect(new Set(seen.map(({ fingerprint }) => fingerprint)).size).toBe(2);
        expect((await alice.seen('bob')).ambiguous).toBe(false);
        for (const twin of twins) await twin.session.close();
      });
    });

    describe('a device', () => {
      it('that was away while it was added reads everything since', async () => {
        const room = await alice.session.createRoom('While you were out', { suite });
        carolsLine.cut();
        await alice.add(room, 'carol');
        await alice.say(room, 'are you there?');
        await alice.session.renewKeys(room);
        await alice.say(room, 'hello?');
        await refuses(carol.session.catchUp(), 'offline');
        carolsLine.mend();
        expect(await carol.texts(room)).toEqual(['are you there?', 'hello?']);
      });

      it('without a line keeps what is written and sends it, once and in order, when the line is back', async () => {
        const room = await roomOf('bob', 'carol');
        carolsLine.cut();
        const written = ['first', 'second', 'third'];
        const ids: string[] = [];
        for (const text of written) ids.push(await carol.session.send(room, text));
        await alice.session.renewKeys(room);
        await alice.say(room, 'meanwhile');
        await carol.restart();
        const shown = (await carol.session.timeline(room)).items.flatMap((item) => (item.kind === 'message' ? [[item.text, item.state]] : []));
        expect(shown).toEqual(written.map((text) => [text, 'sending']));
        carolsLine.mend();
        await carol.session.nudge();
        const places = await Promise.all(ids.map((id) => carol.session.delivered(room, id)));
        expect(places.map(({ seq }) => seq)).toEqual(places.map(({ seq }) => seq).sort((a, b) => a - b));
        for (const person of [alice, bob, carol]) expect(await person.texts(room), person.name).toEqual(['meanwhile', ...written]);
      });

      it('removed while it had no line is told that what it wrote stays behind', async () => {
        const room = await roomOf('bob', 'carol');
        carolsLine.cut();
        const id = await carol.session.send(room, 'too late');
        const waiting = refuses(carol.session.delivered(room, id), 'room-inactive');
        await alice.remove(room, 'carol');
        carolsLine.mend();
        await carol.session.nudge();
        await waiting;
        expect((await carol.session.timeline(room)).items.at(-1)).toMatchObject({ text: 'too late', state: 'failed' });
        expect(await alice.texts(room)).toEqual([]);
      });

      it('locks, forgets, and opens again only with its passphrase', async () => {
        const room = await roomOf('bob');
        await bob.say(room, 'kept');
        await bob.session.lock();
        expect((await bob.session.overview()).stage).toBe('locked');
        await refuses(bob.session.rooms(), 'locked');
        await refuses(bob.session.send(room, 'nobody home'), 'locked');
        await refuses(bob.session.unlock(`${PASSPHRASE}!`), 'wrong-passphrase');
        expect((await bob.session.overview()).stage).toBe('locked');
        await bob.session.unlock(PASSPHRASE);
        expect(await bob.texts(room)).toEqual(['kept']);
      });

      it('holds its vault alone, and cannot be founded or joined over', async () => {
        const second = await TestPerson.arrive('bob again', { home: bob.home });
        await refuses(second.session.unlock(PASSPHRASE), 'vault-in-use');
        await refuses(second.found(foundingLink), 'vault-exists');
        await refuses(bob.session.join((await alice.session.invite()).link, { name: 'bob', passphrase: PASSPHRASE }), 'vault-exists');
        expect((await bob.session.overview()).stage).toBe('open');
      });
    });
  });
}
