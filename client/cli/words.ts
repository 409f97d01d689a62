/** One table: every failure, the exit code of its family, and the sentence a person reads. */
import type { AlarmKind } from '#core/session/api.ts';
import type { FailureCode } from './failure.ts';

export const EXIT = {
  ok: 0, usage: 2, refused: 3, unreachable: 4, passphrase: 5, notFound: 6, timeout: 7, inUse: 8, storage: 9, internal: 70, interrupted: 130,
} as const;

/** For `--help` and docs/cli.md. */
export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.ok, 'done'],
  [EXIT.usage, 'the command line, or what was typed, is not right'],
  [EXIT.refused, 'the rules of the hub or of the room do not allow it'],
  [EXIT.unreachable, 'the relay, or somebody\'s device, could not be reached'],
  [EXIT.passphrase, 'wrong passphrase'],
  [EXIT.notFound, 'no such room, board, announcement, person, request or profile, or more than one'],
  [EXIT.timeout, 'it took longer than --timeout'],
  [EXIT.inUse, 'another program holds this home'],
  [EXIT.storage, 'the vault on this device is full, damaged or newer than this program'],
  [EXIT.internal, 'an error of this program'],
  [EXIT.interrupted, 'interrupted'],
];

const FAILURES: Record<FailureCode, readonly [exit: number, sentence: string]> = {
  'usage': [EXIT.usage, 'This command line is not complete.'],
  'no-passphrase': [EXIT.usage, 'Set THICKET_PASSPHRASE to the passphrase of this home.'],
  'bad-link': [EXIT.usage, 'This is not a link this program knows. Copy it whole, including what follows the #.'],
  'bad-name': [EXIT.usage, 'A name has 1 to 64 characters.'],
  'weak-passphrase': [EXIT.usage, 'This passphrase is too short to protect anything. Take four words or more.'],
  'bad-address': [EXIT.usage, 'This is not the https address of a hub, such as https://hub.example.net.'],
  'message-empty': [EXIT.usage, 'There is nothing to send.'],
  'bad-announcement': [EXIT.usage, 'This cannot be announced. It has a title of up to 200 characters, a body of up to 12,000, each language once, and times, places and choices within measure.'],
  'message-too-long': [EXIT.usage, 'This message is too long. Send it in two.'],

  'file-too-large': [EXIT.usage, 'This file is too large. A file may have a little less than 4 GiB.'],
  'file-unreadable': [EXIT.usage, 'This file cannot be read, or was changed while it was being sent.'],
  'file-unwritable': [EXIT.storage, 'The file cannot be written there.'],
  'file-damaged': [EXIT.refused, 'What the relay handed out is not the file that was sent. It was not saved.'],
  'file-gone': [EXIT.notFound, 'This file is no longer kept: its days are over, or its sender withdrew it.'],
  'unknown-file': [EXIT.notFound, 'There is no file with this message.'],
  'cancelled': [EXIT.interrupted, 'Stopped.'],

  'unknown-device': [EXIT.notFound, 'You have no such device.'],
  'too-many-devices': [EXIT.refused, 'You have as many devices as one person may. Remove one first.'],
  'last-admin': [EXIT.refused, 'Nobody else looks after this room. Make somebody else an admin first.'],
  'bad-span': [EXIT.usage, 'The time must be between 10 seconds and 366 days, like 30m, 8h, 1d or 4w; or off.'],
  'not-a-backup': [EXIT.usage, 'This file is not a backup made by Thicket.'],
  'bad-recovery-phrase': [EXIT.usage, 'This is not a recovery phrase: it has twelve words, and one of these is mistyped, missing or in another place.'],
  'wrong-recovery-phrase': [EXIT.passphrase, 'These words do not open this backup. They belong to another one, or the file was changed.'],
  'archive-damaged': [EXIT.storage, 'This backup is damaged or cut short. Nothing of it was taken; try another copy.'],
  'archive-newer': [EXIT.storage, 'This backup was written by a newer version of this program.'],
  'archive-of-another': [EXIT.refused, 'This belongs to somebody else, or to another hub. Nothing of it was taken.'],
  'restore-cut-short': [EXIT.storage, 'Restoring was cut short. What was begun is gone from this device: restore the backup again.'],
  'bad-picture': [EXIT.usage, 'That picture cannot be used: WebP or JPEG, up to 12 KiB.'],
  'room-active': [EXIT.refused, 'This device is still in this room. Leave it first.'],
  'still-leaving': [EXIT.refused, 'The others could not be told yet that you left. Try again with a connection.'],
  'not-yet': [EXIT.refused, 'This device was linked a moment ago and is not in all rooms yet. Try again in a minute.'],
  'link-used': [EXIT.refused, 'This link was used already.'],
  'link-expired': [EXIT.refused, 'This link is over. Ask for a new one.'],
  'link-of-other-hub': [EXIT.refused, 'This link belongs to another hub.'],
  'already-founded': [EXIT.refused, 'This hub was founded already. Ask somebody in it for an invitation.'],
  'not-founded': [EXIT.refused, 'Nobody has founded this hub yet.'],
  'vault-exists': [EXIT.refused, 'There is a profile in this home already. Choose another --home.'],
  'not-admitted': [EXIT.refused, 'You are not admitted yet: whoever invited you has to compare the phrase first.'],
  'refused': [EXIT.refused, 'Whoever invited you did not let this device in.'],
  'somebody-else-claimed': [EXIT.refused, 'Somebody else used this invitation first. Tell whoever sent it, and ask for a new one.'],
  'not-allowed': [EXIT.refused, 'You may not do this here.'],
  'phrase-differs': [EXIT.refused, 'The phrases are not the same. If you heard it right, somebody may be in between: do not admit them, nor mark them as compared.'],
  'already-member': [EXIT.refused, 'They are in this room already.'],
  'not-a-member': [EXIT.refused, 'They are not in this room.'],
  'room-inactive': [EXIT.refused, 'You are not in this room any more; you can only read its past.'],
  'bad-key-package': [EXIT.refused, 'What the relay handed out for them is not theirs. They were not added.'],
  'not-named': [EXIT.refused, 'The hub\'s bulletin does not name you for this board yet, so readers would not believe it. The device of the steward who made the board has to be there once.'],
  'bot-only-announces': [EXIT.refused, 'This profile is a bot of this board: it announces and does nothing else there. Take it back with `thicket board bot BOARD --off`, or use another coordinator\'s.'],
  'no-bot': [EXIT.refused, 'This profile is no bot of this board. Make it one with `thicket board bot BOARD NAME`; the device of the steward who made the board has to be there once.'],
  'neighbour-not-named': [EXIT.refused, 'Whoever runs this hub has not named that neighbour (THICKET_NEIGHBOUR), so browsers could not reach it.'],
  'neighbour-refuses': [EXIT.refused, 'That hub does not forward for this one. Ask whoever runs it to add this hub to THICKET_FORWARDS_TO.'],
  'no-tickets': [EXIT.refused, 'This week you let in as many people as one person may, or you only joined this week yourself. There is more room on Monday.'],
  'relay-refused': [EXIT.refused, 'The relay refused this.'],

  'offline': [EXIT.unreachable, 'The relay cannot be reached.'],
  'neighbour-offline': [EXIT.unreachable, 'The neighbour hub cannot be reached. What is queued waits for it and takes no other way.'],
  'relay-busy': [EXIT.unreachable, 'The relay is busy or restarting. Try again in a moment.'],
  'relay-full': [EXIT.unreachable, 'The relay has no room left on its disk. Tell whoever runs it.'],
  'no-postage': [EXIT.unreachable, 'This week\'s postage, which keeps anybody from flooding the hub, is used up. More comes on Monday at 00:00 UTC; what is queued goes out the next time after that.'],
  'member-unreachable': [EXIT.unreachable, 'Their device has not been heard of for too long. They have to open it once.'],
  'host-gone': [EXIT.unreachable, 'The command that held this home has ended. Try again.'],

  'wrong-passphrase': [EXIT.passphrase, 'This is not the passphrase of this home.'],

  'no-vault': [EXIT.notFound, 'There is no profile in this home. Begin with `thicket found` or `thicket join`.'],
  'unknown-request': [EXIT.notFound, 'Nobody is waiting under this request.'],
  'unknown-message': [EXIT.notFound, 'There is no such message here, or more than one that begins like this. In a thread, name the message above it with --thread.'],
  'ambiguous-request': [EXIT.notFound, 'More than one request begins like this. Write more of it.'],
  'unknown-room': [EXIT.notFound, 'There is no such room.'],
  'ambiguous-room': [EXIT.notFound, 'More than one room is called that. Use the id that `thicket rooms` shows.'],
  'unknown-board': [EXIT.notFound, 'There is no such board. One that is not listed is opened with its link: thicket board open LINK'],
  'ambiguous-board': [EXIT.notFound, 'More than one board is called that. Use the id that `thicket boards` shows.'],
  'unknown-announcement': [EXIT.notFound, 'There is no such announcement here, or more than one that begins like this.'],
  'unknown-member': [EXIT.notFound, 'There is nobody of that name or fingerprint in view.'],
  'ambiguous-member': [EXIT.notFound, 'More than one person is meant by that. Use the fingerprint that `thicket members` shows.'],

  'timeout': [EXIT.timeout, 'This took too long. A message that was queued goes out the next time.'],
  'vault-in-use': [EXIT.inUse, 'Another program is using this home.'],

  'vault-damaged': [EXIT.storage, 'The vault in this home is damaged.'],
  'vault-newer': [EXIT.storage, 'The vault in this home was written by a newer version of this program.'],
  'device-full': [EXIT.storage, 'There is no room left on this device\'s disk.'],
  'device-storage': [EXIT.storage, 'This device\'s disk does not let this program write or read.'],

  'locked': [EXIT.internal, 'The vault was locked in the meantime.'],
  'internal': [EXIT.internal, 'This program met an error of its own. Nothing is lost; try again.'],
  'interrupted': [EXIT.interrupted, 'Interrupted.'],
};

export const exitOf = (code: FailureCode): number => FAILURES[code][0];
export const sentenceOf = (code: FailureCode): string => FAILURES[code][1];

const ALARMS: Record<AlarmKind, string> = {
  'rolled-back': 'This hub was set back to an older copy. Messages since then may be missing for people who had not read them.',
  'forked': 'The hub has shown you and somebody else different things. Compare what you were shown by another way.',
  'reordered': 'Messages came in another order than they were sent in. The hub may have changed it.',
  'own-copy': 'This device\'s data was set back to an older copy, or somebody uses a copy of it: there are messages from this device that it does not know. Its rooms get new keys. If it was not you who put a copy back, remove this device from another one.',
  'other-issuer-key': 'This hub tried to hand this device postage that could be told apart from everybody else\'s. None was taken; ask whoever runs it.',
};
/** The command that lends its vault may be of a later version. */
export const alarmSentence = (what: AlarmKind): string => ALARMS[what] ?? 'This hub did something that this version has no words for.';
