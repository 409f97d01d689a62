/** The calls about boards, each to the part that carries it out. */
import { create } from '@bufbuild/protobuf';
import { hex } from '#shared/sodium.ts';
import { AnswerSchema, Coming, type Totals as WireTotals } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { BoardLinkSchema } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { boardLink, parseBoardLink } from '../../content/links.ts';
import { cleanName } from '../../domain/room-policy.ts';
import { sameBytes } from '../../domain/signing.ts';
import { SessionFailure, type BoardCalls, type BoardId, type OwnAnswer } from '../api.ts';
import type { Background } from '../background.ts';
import type { Device } from '../device.ts';
import { findFile } from '../files/finding.ts';
import { fingerprintOf } from '../views.ts';
import { findAnnouncement, putAnnouncement } from './announcements.ts';
import { cancelProposal, idBytes, propose, saveDraft, sign } from './announcing.ts';
import { answerAsk } from './asks.ts';
import { boardBytes, boardIn, entryIn, secretsOf, treeOf } from './board-state.ts';
import { tellDesk, tellWriter } from './desk.ts';
import { removeReaders } from './eras.ts';
import { closeBoard, makeBoard } from './making.ts';
import { allReaders, readerIn } from './readers.ts';
import { repliesTo, sendReply, totalsOf } from './replies.ts';
import { subscribe, unsubscribe } from './subscribing.ts';
import { attachedFile, fileOf, shownTotals, wireText } from './texts.ts';
import { leafOf } from './tree-keys.ts';
import { BoardViews } from './views.ts';

const WIRE_COMING = { yes: Coming.YES, maybe: Coming.MAYBE, no: Coming.NO } as const;
const DAY_MS = 86_400_000;

interface Parts {
  readonly device: Device;
  readonly background: Background;
}

/** @param parts of the unlocked device. @throws SessionFailure `locked` */
export function boardCalls(parts: () => Parts): BoardCalls {
  const device = () => parts().device;
  const views = () => new BoardViews(device(), (key) => parts().background.views.person(key));
  const atDesk = (board: BoardId) => secretsOf(device().boards.get(board));
  return {
    boards: async () => views().boards(),
    createBoard: async (name, rules) => {
      await parts().background.ready();
      const board = await makeBoard(device(), name, rules ?? {});
      await parts().background.tellBulletins();
      return board;
    },
    closeBoard: async (board) => {
      await closeBoard(device(), board);
      await parts().background.tellBulletins();
    },
    boardLink: async (board) => {
      const { hub, profile } = device();
      const { name } = entryIn(device(), board);
      return boardLink(profile.origin, create(BoardLinkSchema, { version: 1, hub, board: boardBytes(board), name: name === '' ? device().boards.get(board)?.name ?? '' : name }));
    },
    openBoardLink: async (link) => openLink(device(), link),
    subscribeBoard: async (board) => {
      await subscribe(device(), board);
      device().wake.boards();
    },
    unsubscribeBoard: async (board) => unsubscribe(device(), board),
    setUrgentAnytime: async (board, on) => device().change(async (draft) => {
      draft.boards.set(board, { ...boardIn(draft, board), urgentAnytime: on });
      draft.emit({ changed: 'boards' });
    }),

    announcements: async (query) => views().announcements(query ?? {}),
    announcement: async (board, id) => views().announcement(board, id),
    versionsOf: async (board, id) => views().versions(board, id),
    markAnnouncementRead: async (board, id) => device().change(async (draft) => {
      const found = await findAnnouncement(draft, board, idBytes(id));
      if (found !== undefined && !found.read) putAnnouncement(draft, board, { ...found, read: true });
    }),
    answer: async (board, id, answer, name) => give(device(), board, id, answer, name ?? ''),
    fetchAttached: async (_board, handle, transfer) => (await parts().background.files()).fetchOf(fileOf(handle), transfer),

    announce: async (board, text, options) => propose(device(), board, {
      what: { case: 'announcement', value: wireText(text, options?.bot === true ? device().boards.get(board)?.bot : '') },
      id: options?.draft === undefined ? undefined : idBytes(options.draft), publishAt: options?.publishAt,
    }),
    correct: async (board, id, text, note) => void (await propose(device(), board, { what: { case: 'correction', value: { $typeName: 'thicket.content.v1.Correction', of: idBytes(id), text: wireText(text), note } } })),
    withdrawAnnouncement: async (board, id, note) => void (await propose(device(), board, { what: { case: 'withdrawal', value: { $typeName: 'thicket.content.v1.Withdrawal', of: idBytes(id), note } } })),
    pinAnnouncement: async (board, id, on) => void (await propose(device(), board, { what: { case: 'pinning', value: { $typeName: 'thicket.content.v1.Pinning', of: idBytes(id), off: !on } } })),
    attach: async (board, source, about) => {
      atDesk(board);
      const { desk } = boardOf(device(), board);
      const message = await (await parts().background.files()).send(desk, source, about);
      const file = await findFile(device(), desk, message);
      const attached = file && attachedFile(file, device().now());
      if (attached === undefined) throw new SessionFailure('unknown-file');
      return attached;
    },
    boardDrafts: async (board) => views().drafts(board),
    saveBoardDraft: async (board, text, id) => saveDraft(device(), board, text && wireText(text), id),
    proposals: async (board) => views().proposals(board),
    sign: async (board, id) => sign(device(), board, id),
    cancelProposal: async (board, id) => cancelProposal(device(), board, id),

    readerRequests: async (board) => {
      atDesk(board);
      return (await allReaders(device(), board)).filter(({ admitted, removed }) => !admitted && !removed)
        .map(({ member, name, day }) => ({ board, member: hex(member), name, fingerprint: fingerprintOf(member), at: day * DAY_MS }));
    },
    admitReader: async (board, member) => decide(device(), board, views().memberKey(member), false),
    refuseReader: async (board, member) => decide(device(), board, views().memberKey(member), true),
    findReaders: async (board, name) => {
      atDesk(board);
      return views().findReaders(board, name);
    },
    removeReaders: async (board, members) => {
      await removeReaders(device(), board, members);
      await parts().background.log.catchUp();
    },
    tally: async (board, id) => shownTotals(await counted(device(), board, id)),
    namedAnswers: async (board, id) => {
      atDesk(board);
      return (await repliesTo(device(), board, idBytes(id))).filter(({ answer }) => answer.name !== '')
        .map(({ answer: { name, coming, votes, shifts } }) => ({ name, coming: (['yes', 'maybe', 'no'] as const)[coming - 1], votes, shifts }));
    },
    postTotals: async (board, id) => void (await propose(device(), board, { what: { case: 'totals', value: await counted(device(), board, id) } })),
    bots: async (board) => {
      const { writers } = boardOf(device(), board);
      return entryIn(device(), board).bots.flatMap(({ name, key }) => {
        const writer = writers.find((one) => sameBytes(one.key, key));
        return writer === undefined ? [] : [{ name, member: hex(writer.member) }];
      });
    },
    setBot: async (board, name) => device().change(async (draft) => {
      const state = boardIn(draft, board);
      secretsOf(state);
      const bot = cleanName(name ?? '');
      if (name !== undefined && bot === '') throw new SessionFailure('bad-name');
      draft.boards.set(board, { ...state, bot });
      tellWriter(draft, state, bot);
      draft.emit({ changed: 'desk', board });
    }),
  };
}

function boardOf({ boards }: Device, board: BoardId) {
  const state = boards.get(board);
  if (state === undefined) throw new SessionFailure('unknown-board');
  return state;
}

/** What the link says of its name is shown as long as the board's own answer has not come. */
async function openLink(device: Device, text: string): Promise<BoardId> {
  const link = parseBoardLink(text);
  if (link === undefined) throw new SessionFailure('bad-link');
  if (!sameBytes(link.hub, device.hub)) throw new SessionFailure('link-of-other-hub');
  const board = hex(link.board);
  entryIn(device, board);
  await device.change(async (draft) => {
    const state = boardIn(draft, board);
    draft.boards.set(board, { ...state, name: state.name === '' ? cleanName(link.name) : state.name });
    draft.emit({ changed: 'boards' });
  });
  return board;
}

async function decide(device: Device, board: BoardId, member: Uint8Array, refused: boolean): Promise<void> {
  await device.change(async (draft) => {
    const state = boardIn(draft, board);
    secretsOf(state);
    const reader = await readerIn(draft, state, member);
    if (reader === undefined || reader.admitted) throw new SessionFailure('unknown-request');
    tellDesk(draft, state, { case: 'word', value: { $typeName: 'thicket.content.v1.BoardWord', board: state.board, member, refused } });
    await answerAsk(draft, state, reader, { refused, isOurs: true });
  });
}

/** All of this reader's answers together: the last one counts. @throws SessionFailure `not-allowed` | `unknown-announcement` */
async function give(device: Device, board: BoardId, id: string, given: Partial<Omit<OwnAnswer, 'full'>>, name: string): Promise<void> {
  await device.change(async (draft) => {
    const found = await findAnnouncement(draft, board, idBytes(id));
    if (found?.text === undefined) throw new SessionFailure('unknown-announcement');
    const { event, poll, acknowledge } = found.text;
    const now = device.now();
    const isLate = (given.votes !== undefined && Number(poll?.closesAtMs ?? 0n) > 0 && Number(poll?.closesAtMs) <= now) || (given.coming !== undefined && event !== undefined && Math.max(Number(event.endsAtMs), Number(event.beginsAtMs)) < now);
    const isAsked = (given.acknowledged === undefined || acknowledge) && (given.coming === undefined || event?.answers === true)
      && (given.votes === undefined || poll !== undefined) && (given.shifts === undefined || (event?.shifts.length ?? 0) > 0);
    if (isLate || !isAsked || found.withdrawnAtMs > 0n) throw new SessionFailure('not-allowed');
    const next = {
      ...found, acknowledged: given.acknowledged ?? found.acknowledged, coming: given.coming === undefined ? found.coming : WIRE_COMING[given.coming],
      votes: [...(given.votes ?? found.votes)], shifts: [...(given.shifts ?? found.shifts)],
    };
    putAnnouncement(draft, board, next);
    const { acknowledged, coming, votes, shifts } = next;
    sendReply(draft, boardIn(draft, board), create(AnswerSchema, { of: found.id, atMs: BigInt(now), acknowledged, coming, votes, shifts, name: cleanName(name) }));
  });
}

async function counted(device: Device, board: BoardId, id: string): Promise<WireTotals> {
  const state = boardOf(device, board);
  const tree = treeOf(secretsOf(state));
  const of = idBytes(id);
  const { text } = await new BoardViews(device, () => { throw new SessionFailure('internal'); }).stored(board, id);
  if (text === undefined) throw new SessionFailure('unknown-announcement');
  const sealKeys = new Map((await allReaders(device, board)).map(({ member, sealKey }) => [leafOf(tree, member) as number, sealKey]));
  return totalsOf(of, text, await repliesTo(device, board, of), sealKeys);
}

