/** Every command, in the order in which `--help` shows them. */
import type { Command } from '../command.ts';
import { admit, invite, requests } from './admitting.ts';
import { understood } from './alarms.ts';
import { backup, restore } from './backup.ts';
import { devices, link, linkConfirm, linkShow, removeDevice, renameDevice } from './devices.ts';
import { boardHook } from './board-hook.ts';
import { admitReader, boardBot, boardBots, boardWaiting, cancelProposal, findReaders, namedAnswers, postTotals, readerRequests, refuseReader, removeReaders, signProposal, tallyAnswers } from './boards-desk.ts';
import { answerAnnouncement, readBoard, saveBoardFile, showAnnouncement } from './boards-reading.ts';
import { announce, boardDrafts, correct, discardDraft, draftAnnouncement, pinAnnouncement, withdraw } from './boards-writing.ts';
import { boardLink, boards, closeBoard, createBoard, leaveBoard, openBoard, subscribeBoard, urgentBoard } from './boards.ts';
import { comeBack, found, join, stopAsking } from './entering.ts';
import { saveFile, sendFile } from './files.ts';
import { longestKeep, roomAnnounce, roomForget, roomLeave, roomMayAdd, roomNickname, roomRename, roomRole, roomVanish } from './looking-after.ts';
import { read } from './reading.ts';
import { addMember, createRoom, members, removeMember, rooms } from './rooms.ts';
import { search } from './searching.ts';
import { send } from './sending.ts';
import { deleteMessage, edit, pin, react, reply, thread } from './talking.ts';
import { safety, unverify, verify } from './verifying.ts';
import { mostShards, neighbour, quietRoom, roomInfo } from './ways.ts';

export const COMMANDS: readonly Command[] = [
  found, invite, join, requests, admit, rooms, members, createRoom, addMember, removeMember, roomInfo, quietRoom,
  roomRename, roomRole, roomAnnounce, roomMayAdd, roomVanish, roomNickname, roomLeave, roomForget, longestKeep,
  send, reply, thread, react, edit, deleteMessage, pin, sendFile, read, search, saveFile, neighbour, mostShards,
  boards, createBoard, closeBoard, boardLink, openBoard, subscribeBoard, leaveBoard, urgentBoard, readBoard, showAnnouncement, answerAnnouncement, saveBoardFile,
  announce, correct, withdraw, pinAnnouncement, boardDrafts, draftAnnouncement, discardDraft, boardWaiting, signProposal, cancelProposal,
  readerRequests, admitReader, refuseReader, findReaders, removeReaders, tallyAnswers, namedAnswers, postTotals, boardBots, boardBot, boardHook,
  safety, verify, unverify, backup, restore, comeBack, stopAsking, link, linkShow, linkConfirm, devices, renameDevice, removeDevice, understood,
];
