/** The name of every call of a session but `subscribe`, for whoever passes calls on: to a worker, or to another process. */
import type { Session } from '../api.ts';

const LIFE = ['overview', 'found', 'join', 'unlock', 'lock', 'erase', 'catchUp', 'nudge', 'close', 'dismissAlarm'] as const;
const ADMITTING = ['invite', 'invitations', 'requests', 'admit', 'refuse'] as const;
const ROOMS = ['people', 'rooms', 'createRoom', 'members', 'addMember', 'removeMember', 'renewKeys', 'setAdmin', 'setQuiet'] as const;
/** Of RoomCalls. */
export const LOOKING_AFTER = ['setRole', 'bringNewDevice', 'setAnnouncementOnly', 'setMayAdd', 'renameRoom', 'setVanishing', 'leaveRoom', 'forgetRoom', 'setLongestKeep', 'longestKeep', 'look', 'setProfile', 'picture'] as const;
const TALK = [
  'send', 'delivered', 'retry', 'timeline', 'timelineSince', 'markRead',
  'react', 'edit', 'versions', 'deleteMessage', 'pin', 'pins', 'bookmark', 'bookmarks', 'forward', 'itemsAt', 'seqAt', 'threads', 'followThread',
  'markReadTo', 'saveDraft', 'draft', 'choices', 'setChoices', 'nowTyping', 'typing',
] as const;
const FILES = ['sendFile', 'filesUnderWay', 'saveFile', 'fetchFile', 'isFileHere', 'withdrawFile', 'cancelTransfer', 'filesOf'] as const;
const DEVICES = [
  'linkDevice', 'linkOffer', 'cancelLink', 'linkRequest', 'confirmLink', 'refuseLink', 'joinAsDevice', 'devices', 'renameDevice', 'removeDevice', 'sendHistory',
] as const;
const BACKUP = ['backupState', 'newRecoveryPhrase', 'writeBackup', 'fetchBackup', 'restoreBackup', 'comeBack', 'stopAsking', 'safetyPhrase', 'setVerified'] as const;
const SEARCH = ['search', 'searchState'] as const;
const HUB = ['setNeighbour', 'offeredNeighbour', 'setMostShards'] as const;
const BOARDS = [
  'boards', 'createBoard', 'closeBoard', 'boardLink', 'openBoardLink', 'subscribeBoard', 'unsubscribeBoard', 'setUrgentAnytime',
  'announcements', 'announcement', 'versionsOf', 'markAnnouncementRead', 'answer', 'fetchAttached', 'announce', 'correct',
  'withdrawAnnouncement', 'pinAnnouncement', 'attach', 'boardDrafts', 'saveBoardDraft', 'proposals', 'sign', 'cancelProposal',
  'readerRequests', 'admitReader', 'refuseReader', 'findReaders', 'removeReaders', 'tally', 'namedAnswers', 'postTotals',
  'bots', 'setBot',
] as const;
const REPAIR = ['missing', 'askAgain', 'replant', 'askToBeAdded', 'standing', 'compareStanding'] as const;

export const SESSION_CALLS = [
  ...REPAIR, ...LIFE, ...ADMITTING, ...ROOMS, ...LOOKING_AFTER, ...TALK, ...FILES, ...DEVICES, ...SEARCH, ...BACKUP, ...HUB, ...BOARDS,
] as const satisfies readonly Exclude<keyof Session, 'subscribe'>[];

export type SessionCall = (typeof SESSION_CALLS)[number];
/** Fails to compile when a call is missing above. */
type Missing = Exclude<keyof Session, SessionCall | 'subscribe'>;
export const nothingMissing: [Missing] extends [never] ? true : never = true;
