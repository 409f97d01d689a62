import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { RoomSettingsSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { cleanName, refuseChange, type JudgedChange, type RoomLeaf } from './room-policy.ts';

const key = (fill: number) => new Uint8Array(32).fill(fill);
const [alice, bob, carol]: [RoomLeaf, RoomLeaf, RoomLeaf] = [
  { index: 0, memberKey: key(1) }, { index: 1, memberKey: key(2) }, { index: 2, memberKey: key(3) },
];
const settings = (name: string, admins = [alice.memberKey], mailbox = key(9).slice(0, 16)) =>
  toBinary(RoomSettingsSchema, create(RoomSettingsSchema, { mailbox, name, admins, hub: key(8).slice(0, 16) }));
const plain = settings('Stairwell B');
const by = (committer: RoomLeaf, change: Partial<JudgedChange>): JudgedChange => ({
  committer, added: [], removed: [], replaced: [], settingsBefore: plain, settingsAfter: plain,
  hasLeaf: (memberKey) => [alice, bob].some((leaf) => leaf.memberKey[0] === memberKey[0]), ...change,
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
    expect(refuseChange(by(alice, { settingsAfter: Uint8Array.of(255, 255) }))).toBe('bad-settings');
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
