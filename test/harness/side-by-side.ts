/** Alice in a browser, who founds a hub, and Bob beside her without one: both in one room. */
import type { Browser } from 'playwright-core';
import type { RoomId } from '#core/session/api.ts';
import { BrowserPerson } from './browser.ts';
import { PASSPHRASE, TestPerson, until } from './people.ts';
import type { TestRelay } from './relay.ts';

interface Named {
  readonly hub: string;
  readonly room: string;
}

export async function sideBySide(browser: Browser, relay: TestRelay, { hub, room: name }: Named): Promise<{ alice: BrowserPerson; bob: TestPerson; room: RoomId }> {
  const alice = await BrowserPerson.arrive(browser, 'Alice', relay.origin);
  await alice.found(relay.foundingLink as string, hub);
  const bob = await TestPerson.arrive('Bob', { live: true });
  const { phrase } = await bob.session.join(await alice.invite(), { name: 'Bob', passphrase: PASSPHRASE });
  await alice.admit('Bob', phrase.join(' '));
  await until(async () => (await bob.session.overview()).stage === 'open', 'bob to be in', 60_000);
  await alice.createRoom(name);
  await alice.add('Bob');
  await until(async () => (await bob.session.rooms()).length === 1, 'bob to have the room', 60_000);
  return { alice, bob, room: (await bob.session.rooms())[0]?.id as RoomId };
}
