import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { MayAdd, RoomSettingsSchema, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { cleanName, refuseChange, VANISH_BOUNDS, type JudgedChange, type RoomLeaf } from './room-policy.ts';
import { isOwn, mayWrite, presentAdmins, roleOf, withoutAbsent } from './room-roles.ts';

const key = (fill: number) => new Uint8Array(32).fill(fill);
const [alice, bob, carol]: [RoomLeaf, RoomLeaf, RoomLeaf] = [
  { index: 0, memberKey: key(1) }, { index: 1, memberKey: key(2) }, { index: 2, memberKey: key(3) },
];
const settings = (name: string, admins = [alice.memberKey], mailbox = key(9).slice(0, 16)) =>
  toBinary(RoomSettingsSchema, create(RoomSettingsSchema, { mailbox, name, admins, hub: key(8).slice(0, 16) }));
const plain = settings('Stairwell B');
const by = (committer: RoomLeaf, change: Partial<JudgedChange>): JudgedChange => ({
  committer, added: [], removed: [], replaced: [], settingsBefore: plain, settingsAfter: plain,
  leavesOf: (memberKey) => [alice, bob].filter((leaf) => leaf.memberKey[0] === memberKey[0]).length, ...change,
});

describe('what a commit may do in a room whose admin is alice', () => {
  it('lets alice add, remove and rename, one kind at a time', () => {
    expect(refuseChange(by(alice, { added: [carol] }))).toBeUndefined();
    expect(refuseChange(by(alice, { removed: [bob] }))).toBeUndefined();
    expect(refuseChange(by(alice, { settingsAfter: settings('Stairwell C') }))).toBeUndefined();
    expect(refuseChange(by(alice, { added: [carol], removed: [bob] }))).toBe('mixed-change');
    expect(refuseChange(by(alice, { removed: [bob], settingsAfter: settings('x') }))).toBe('mixed-change');
  });
  it('lets bob renew his own leaf and nothing else', () => {
    expect(refuseChange(by(bob, { replaced: [{ before: bob, after: bob }] }))).toBeUndefined();
    expect(refuseChange(by(bob, { added: [carol] }))).toBe('not-admin');
    expect(refuseChange(by(bob, { removed: [carol] }))).toBe('not-admin');
    expect(refuseChange(by(bob, { settingsAfter: settings('mine', [bob.memberKey]) }))).toBe('not-admin');
  });
  it('lets nobody become another, or renew another', () => {
    expect(refuseChange(by(bob, { replaced: [{ before: bob, after: { ...bob, memberKey: alice.memberKey } }] }))).toBe('swapped-credential');
    expect(refuseChange(by(alice, { replaced: [{ before: bob, after: { ...bob, memberKey: alice.memberKey } }] }))).toBe('swapped-credential');
    expect(refuseChange(by(alice, { replaced: [{ before: bob, after: bob }] }))).toBe('swapped-credential');
  });
  it('lets nobody be an admin who is not there, and nobody come back as one', () => {
    expect(refuseChange(by(alice, { settingsAfter: settings('x', [alice.memberKey, bob.memberKey]) }))).toBeUndefined();
    expect(refuseChange(by(alice, { settingsAfter: settings('x', [alice.memberKey, carol.memberKey]) }))).toBe('absent-admin');
    const gone = settings('Stairwell B', [alice.memberKey, carol.memberKey]);
    expect(refuseChange(by(alice, { added: [carol], settingsBefore: gone, settingsAfter: gone }))).toBe('absent-admin');
    // Another device of an admin who is there.
    expect(refuseChange(by(alice, { added: [{ index: 2, memberKey: alice.memberKey }] }))).toBeUndefined();
    // The next change of the settings must not carry the old name on.
    expect(refuseChange(by(alice, { settingsBefore: gone, settingsAfter: settings('Stairwell C', [alice.memberKey, carol.memberKey]) }))).toBe('absent-admin');
  });
  it('keeps the room where it is, with an admin and a name', () => {
    expect(refuseChange(by(alice, { settingsAfter: settings('x', []) }))).toBe('last-admin');
    expect(refuseChange(by(alice, { settingsAfter: settings('') }))).toBe('bad-settings');
    expect(refuseChange(by(alice, { settingsAfter: settings('x', [alice.memberKey], key(7).slice(0, 16)) }))).toBe('bad-settings');
    const otherHub = toBinary(RoomSettingsSchema, create(RoomSettingsSchema, { mailbox: key(9).slice(0, 16), name: 'x', admins: [alice.memberKey], hub: key(7).slice(0, 16) }));
    expect(refuseChange(by(alice, { settingsAfter: otherHub }))).toBe('bad-settings');
    expect(refuseChange(by(alice, { settingsAfter: Uint8Array.of(255, 255) }))).toBe('bad-settings');
  });
});

describe('roles in a room of alice, an admin, mona, a moderator, and bob, who has two devices', () => {
  const mona: RoomLeaf = { index: 3, memberKey: key(4) };
  const bobsPhone: RoomLeaf = { index: 4, memberKey: bob.memberKey };
  const here = [alice, bob, mona, bobsPhone];
  type Set = Partial<Omit<RoomSettings, '$typeName' | '$unknown' | 'replanting'>>;
  const set = (change: Set = {}): Uint8Array<ArrayBuffer> => toBinary(RoomSettingsSchema, create(RoomSettingsSchema, {
    mailbox: key(9).slice(0, 16), hub: key(8).slice(0, 16), name: 'Stairwell B', admins: [alice.memberKey], moderators: [mona.memberKey], ...change,
  }));
  const does = (committer: RoomLeaf, change: Partial<JudgedChange>, settings = set()) => refuseChange({
    committer, added: [], removed: [], replaced: [], settingsBefore: settings, settingsAfter: settings,
    leavesOf: (memberKey) => here.filter((leaf) => leaf.memberKey[0] === memberKey[0]).length, ...change,
  });

  it('lets a moderator remove members, and nobody who has a role', () => {
    expect(does(mona, { removed: [bob, bobsPhone] })).toBeUndefined();
    expect(does(mona, { removed: [alice] })).toBe('not-admin');
    const other = { index: 5, memberKey: key(5) };
    const two = set({ moderators: [mona.memberKey, other.memberKey] });
    expect(does(mona, { removed: [other], leavesOf: () => 1 }, two)).toBe('not-admin');
    expect(does(alice, { removed: [mona] })).toBeUndefined();
    expect(does(bob, { removed: [mona] })).toBe('not-admin');
  });
  it('takes out a member with every device, or not at all', () => {
    expect(does(alice, { removed: [bob] })).toBe('partial-removal');
    expect(does(mona, { removed: [bobsPhone] })).toBe('partial-removal');
    expect(does(alice, { removed: [bob, bobsPhone, mona] })).toBeUndefined();
    expect(does(alice, { removed: [bob, mona] })).toBe('partial-removal');
  });
  it('lets everybody bring and take their own devices, and nobody those of others', () => {
    expect(does(bob, { added: [{ index: 6, memberKey: bob.memberKey }] })).toBeUndefined();
    expect(does(bob, { removed: [bobsPhone] })).toBeUndefined();
    expect(does(bob, { added: [{ index: 6, memberKey: bob.memberKey }, { index: 7, memberKey: alice.memberKey }] })).toBe('not-admin');
    expect(does(bob, { added: [{ index: 6, memberKey: alice.memberKey }] })).toBe('not-admin');
    expect(does(mona, { removed: [mona, bobsPhone] })).toBe('partial-removal');
    // Leaves that name nobody are not one another's.
    expect(isOwn(new Uint8Array(0), new Uint8Array(0))).toBe(false);
  });
  it('lets those add whom its settings say', () => {
    const [admins, moderators, everybody] = [MayAdd.ADMINS, MayAdd.MODERATORS, MayAdd.EVERYBODY].map((mayAdd) => set({ mayAdd }));
    const adds = (who: RoomLeaf, settings: Uint8Array<ArrayBuffer> | undefined) => does(who, { added: [carol] }, settings);
    expect([alice, mona, bob].map((who) => adds(who, admins))).toEqual([undefined, 'not-admin', 'not-admin']);
    expect([alice, mona, bob].map((who) => adds(who, moderators))).toEqual([undefined, undefined, 'not-admin']);
    expect([alice, mona, bob].map((who) => adds(who, everybody))).toEqual([undefined, undefined, undefined]);
    // Whose name still stands there from before they were removed.
    expect(adds(alice, set({ moderators: [carol.memberKey] }))).toBe('absent-admin');
    // Somebody who is not in the room has no say, whatever its settings name.
    expect(adds({ index: 9, memberKey: key(7) }, everybody)).toBe('not-admin');
  });
  it('lets admins change settings, within bounds, and nobody else', () => {
    const after = (change: Set) => ({ settingsAfter: set(change) });
    for (const change of [{ moderators: [] }, { announcementOnly: true }, { mayAdd: MayAdd.EVERYBODY }, { vanishAfterS: 3_600 }, { quiet: true }]) {
      expect(does(alice, after(change))).toBeUndefined();
      expect(does(mona, after(change))).toBe('not-admin');
      expect(does(bob, after(change))).toBe('not-admin');
    }
    expect(does(alice, after({ mayAdd: 3 as MayAdd }))).toBe('bad-settings');
    expect(does(alice, after({ vanishAfterS: VANISH_BOUNDS.least - 1 }))).toBe('bad-settings');
    expect(does(alice, after({ vanishAfterS: VANISH_BOUNDS.most + 1 }))).toBe('bad-settings');
    expect(does(alice, after({ devicesOf: alice.memberKey }))).toBe('bad-settings');
    expect(does(alice, after({ moderators: [carol.memberKey] }))).toBe('absent-admin');
    expect(does(alice, after({ moderators: [alice.memberKey] }))).toBe('bad-settings');
    expect(does(alice, after({ admins: [alice.memberKey, alice.memberKey] }))).toBe('bad-settings');
  });
  it('keeps a room of one\'s own devices to those', () => {
    const own = set({ moderators: [], devicesOf: alice.memberKey, mayAdd: MayAdd.EVERYBODY });
    expect(does(alice, { added: [{ index: 6, memberKey: alice.memberKey }] }, own)).toBeUndefined();
    expect(does(alice, { added: [carol] }, own)).toBe('not-own-device');
  });
  it('has a role for those who are in it, and for nobody else', () => {
    const { admins, moderators } = { admins: [alice.memberKey, carol.memberKey], moderators: [mona.memberKey] };
    const leavesOf: JudgedChange['leavesOf'] = (memberKey) => here.filter((leaf) => leaf.memberKey[0] === memberKey[0]).length;
    expect([alice, mona, bob, carol].map(({ memberKey }) => roleOf({ admins, moderators }, memberKey, leavesOf))).toEqual(['admin', 'moderator', 'member', undefined]);
  });
  it('counts as its admins only those of its admins who are there', () => {
    const leavesOf: JudgedChange['leavesOf'] = (memberKey) => here.filter((leaf) => leaf.memberKey[0] === memberKey[0]).length;
    expect(presentAdmins({ admins: [carol.memberKey, alice.memberKey] }, leavesOf)).toEqual([alice.memberKey]);
    const gone = create(RoomSettingsSchema, { admins: [carol.memberKey, alice.memberKey], moderators: [mona.memberKey, key(7)] });
    expect(withoutAbsent(gone, leavesOf)).toMatchObject({ admins: [alice.memberKey], moderators: [mona.memberKey] });
  });
  it('lets only those write announcements who look after it', () => {
    const roles = ['admin', 'moderator', 'member', undefined] as const;
    expect(roles.map((role) => mayWrite(role, { announcementOnly: true }))).toEqual([true, true, false, false]);
    expect(roles.map((role) => mayWrite(role, { announcementOnly: false }))).toEqual([true, true, true, false]);
  });
});

describe('names', () => {
  it('are one line, trimmed, without what draws over its neighbours', () => {
    expect(cleanName('  Rosa \n  Parks ')).toBe('Rosa Parks');
    expect(cleanName('abc\u202edcba')).toBe('abcdcba');
    expect(cleanName('\u0000\u0007\u200f')).toBe('');
    expect(cleanName('رُوزا')).toBe('رُوزا'.normalize('NFC'));
  });
  it('are at most 64 characters, and never half an emoji', () => {
    expect([...cleanName('😀'.repeat(100))]).toHaveLength(64);
  });
  it('stay as they are once clean', () => {
    for (const name of ['  a  b ', '\u202a x', 'é'.normalize('NFD'), `${'a '.repeat(80)}`]) {
      expect(cleanName(cleanName(name))).toBe(cleanName(name));
    }
  });
});
