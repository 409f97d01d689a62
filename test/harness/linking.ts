/** A person's second device, linked as a person would: the link read off the old one, the phrase compared. */
import { memoryVaultHome } from './memory-vault.ts';
import { PASSPHRASE, TestPerson, type PersonOptions } from './people.ts';
import { until } from './until.ts';

/** Claims, compares, confirms, and waits until the new device is in every room of the old one: so many milliseconds at most. */
export async function linkDevice(old: TestPerson, name: string, options: PersonOptions = {}, ms?: number): Promise<TestPerson> {
  const fresh = await TestPerson.arrive(old.name, { home: memoryVaultHome(), live: true, ...options });
  const { link } = await old.session.linkDevice(`${old.name}'s first`);
  const { phrase } = await fresh.session.joinAsDevice(link, { deviceName: name, passphrase: PASSPHRASE });
  const request = await old.session.linkRequest();
  if (request === undefined) throw new Error('nobody asked');
  await old.session.confirmLink(request.id, phrase.join(' '));
  await until(async () => (await fresh.session.overview()).stage === 'open', `${name} to be let in`);
  await broughtIn(old, fresh, ms);
  return fresh;
}

/** Waits until a device is in every room that another one of its person is in. */
export async function broughtIn(old: TestPerson, fresh: TestPerson, ms?: number): Promise<void> {
  const wanted = async () => (await old.session.rooms()).filter(({ active }) => active).map(({ id }) => id).sort();
  await until(async () => {
    await Promise.all([old.session.catchUp(), fresh.session.catchUp()]);
    const here = (await fresh.session.rooms()).filter(({ active }) => active).map(({ id }) => id);
    return (await wanted()).every((id) => here.includes(id)) && (await fresh.session.overview()).arriving === undefined;
  }, `${fresh.name}'s new device to come into the rooms`, ms).catch(async (thrown: unknown) => {
    throw new Error(`old: ${await roomsOf(old)}; new: ${await roomsOf(fresh)}`, { cause: thrown });
  });
}

/** For whoever looks for what went wrong. */
async function roomsOf({ session }: TestPerson): Promise<string> {
  const rooms = (await session.rooms()).map(({ id, name, active, health }) => `${id} ${name} ${active ? 'in' : 'out'} ${health.is}`);
  const devices = (await session.devices()).map(({ name, isThis }) => `${name}${isThis ? ' (this)' : ''}`);
  const { arriving, connection, postage } = await session.overview();
  return [...rooms, ...devices, JSON.stringify(arriving), connection, `postage ${postage?.left}`].join(', ');
}
