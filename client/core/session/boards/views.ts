/** Boards and what is announced on them, as the interface sees them. */
import { fromBinary } from '@bufbuild/protobuf';
import { fromHex, hex } from '#shared/sodium.ts';
import { Coming, ContentFactsSchema, type Coming as WireComing } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { Joining, type BoardEntry } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredAnnouncementSchema, type StoredAnnouncement, type StoredBoard, type StoredProposal } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { neededFor } from '../../domain/boards/judging.ts';
import { decode } from '../../domain/parsing.ts';
import { includesKey, sameBytes } from '../../domain/signing.ts';
import { SessionFailure, type Announcement, type AnnouncementId, type AnnouncementQuery, type BoardDraft, type BoardId, type BoardSummary, type Desk, type Person, type Proposal, type Reading as ReadingName } from '../api.ts';
import type { Device } from '../device.ts';
import { allProposals } from './announcing.ts';
import { readerKeys, writerOf } from './board-keys.ts';
import { announcementKey, boardBytes, entryIn, Reading } from './board-state.ts';
import { idBytes } from './announcing.ts';
import { allReaders, isReading } from './readers.ts';
import { fullShifts } from './replies.ts';
import { shownText, shownTotals } from './texts.ts';

const READING = ['no', 'asked', 'yes', 'refused', 'removed'] as const satisfies readonly ReadingName[];
const COMING: Readonly<Record<WireComing, 'yes' | 'maybe' | 'no' | undefined>> = { [Coming.UNSPECIFIED]: undefined, [Coming.YES]: 'yes', [Coming.MAYBE]: 'maybe', [Coming.NO]: 'no' };
const PAGE = 50;
/** After its time something due counts as late. */
const LATE_MS = 5 * 60_000;

export class BoardViews {
  readonly #device: Device;
  readonly #person: (key: Uint8Array) => Person;

  constructor(device: Device, person: (key: Uint8Array) => Person) {
    this.#device = device;
    this.#person = person;
  }

  /** Those that are this person's in some way, and those the hub lists. */
  async boards(): Promise<readonly BoardSummary[]> {
    const { boards } = this.#device.constitution.facts;
    const shown = boards.filter((entry) => entry.name !== '' || this.#device.boards.has(hex(entry.board)));
    return (await Promise.all(shown.map((entry) => this.#summary(entry)))).sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  }

  async #summary(entry: BoardEntry): Promise<BoardSummary> {
    const id = hex(entry.board);
    const state = this.#device.boards.get(id);
    return {
      id, name: entry.name === '' ? state?.name ?? '' : entry.name, reading: READING[state?.reading ?? 0] ?? 'no', unread: await this.#unread(id),
      joining: entry.joining === Joining.OPEN ? 'open' : 'approved', listed: entry.name !== '', signatures: entry.signatures === 2 ? 2 : 1,
      closed: entry.closed, urgentAnytime: state?.urgentAnytime ?? false, desk: await this.#desk(entry, state),
    };
  }

  async #desk(entry: BoardEntry, state: StoredBoard | undefined): Promise<Desk | undefined> {
    if (state?.secrets === undefined || this.#device.rooms.get(state.desk)?.room.active !== true) return undefined;
    const readers = await allReaders(this.#device, hex(entry.board));
    const own = writerOf(this.#device.profile.memberSeed, entry.board).key;
    return {
      room: state.desk, readers: readers.filter(isReading).length, asking: readers.filter(({ admitted, removed }) => !admitted && !removed).length,
      waiting: (await allProposals(this.#device, hex(entry.board))).filter(({ content }) => content !== undefined).length, keepsEntry: state.keeper,
      mayAnnounce: includesKey([...entry.writers, ...entry.bots.map(({ key }) => key)], own),
    };
  }

  async #all(board: BoardId): Promise<StoredAnnouncement[]> {
    const entries = await this.#device.vault.range('announcements', board, { newestFirst: true });
    return entries.map(({ value }) => fromBinary(StoredAnnouncementSchema, value)).filter(({ text }) => text !== undefined);
  }

  async #unread(board: BoardId): Promise<number> {
    return (await this.#all(board)).filter((one) => !one.read && !this.#isExpired(one)).length;
  }

  #isExpired({ text }: StoredAnnouncement): boolean {
    const expires = Number(text?.expiresAtMs ?? 0n);
    return expires > 0 && expires <= this.#device.now();
  }

  async announcements({ board, unread = false, coming = false, before, limit = PAGE }: AnnouncementQuery): Promise<{ items: readonly Announcement[]; more: boolean }> {
    const boards = board === undefined ? [...this.#device.boards.keys()] : [board];
    const found = (await Promise.all(boards.map(async (id) => (await this.#all(id)).map((one) => this.#shown(id, one))))).flat();
    const wanted = found.filter((one) => (!unread || !one.read) && (!coming || this.#isComing(one)) && (before === undefined || one.seq < before));
    const pinnedFirst = board !== undefined && before === undefined ? (one: Announcement) => Number(one.pinned) : () => 0;
    const inOrder = coming
      ? wanted.sort((a, b) => (a.event?.beginsAt ?? 0) - (b.event?.beginsAt ?? 0))
      : wanted.sort((a, b) => pinnedFirst(b) - pinnedFirst(a) || b.seq - a.seq);
    return { items: inOrder.slice(0, limit), more: inOrder.length > limit };
  }

  #isComing({ event, withdrawn }: Announcement): boolean {
    return event !== undefined && withdrawn === undefined && Math.max(event.endsAt, event.beginsAt) >= this.#device.now();
  }

  /** @throws SessionFailure `unknown-announcement` */
  async announcement(board: BoardId, id: AnnouncementId): Promise<Announcement> {
    return this.#shown(board, await this.stored(board, id));
  }

  /** @throws SessionFailure `unknown-announcement` */
  async stored(board: BoardId, id: AnnouncementId): Promise<StoredAnnouncement> {
    const seq = this.#device.announcementSeqs.get(announcementKey(board, idBytes(id)));
    const value = seq === undefined ? undefined : await this.#device.vault.get({ collection: 'announcements', scope: board, order: seq });
    const stored = value && fromBinary(StoredAnnouncementSchema, value);
    if (stored?.text === undefined) throw new SessionFailure('unknown-announcement');
    return stored;
  }

  async versions(board: BoardId, id: AnnouncementId) {
    const { versions, sentAtMs } = await this.stored(board, id);
    return versions.flatMap(({ text, untilMs }) => (text === undefined ? [] : [{ text: shownText(text, Number(sentAtMs)), until: Number(untilMs) }]));
  }

  #shown(board: BoardId, stored: StoredAnnouncement): Announcement {
    const { text, acknowledged, coming, votes, shifts } = stored;
    if (text === undefined) throw new SessionFailure('unknown-announcement');
    const hasAnswered = acknowledged || coming !== Coming.UNSPECIFIED || votes.length > 0 || shifts.length > 0;
    const sealKey = hasAnswered ? readerKeys(this.#device.profile.memberSeed, boardBytes(board)).publicKey : undefined;
    const sentAt = Number(stored.sentAtMs);
    return {
      ...shownText(text, sentAt), pinned: stored.pinned, board, id: hex(stored.id), seq: Number(stored.seq), sentAt, bot: text.bot === '' ? undefined : text.bot,
      read: stored.read, expired: this.#isExpired(stored),
      corrected: stored.correctedAtMs === 0n ? undefined : { at: Number(stored.correctedAtMs), note: stored.correction },
      withdrawn: stored.withdrawnAtMs === 0n ? undefined : { at: Number(stored.withdrawnAtMs), note: stored.withdrawal },
      totals: stored.totals && shownTotals(stored.totals),
      answer: sealKey && { acknowledged, coming: COMING[coming], votes, shifts, full: fullShifts(stored, sealKey) },
    };
  }

  // ---------------------------------------------------------------- the desk

  async drafts(board: BoardId): Promise<readonly BoardDraft[]> {
    const drafts = (await allProposals(this.#device, board)).filter(({ content }) => content === undefined);
    return drafts.flatMap(({ id, draft, by, atMs }) => (draft === undefined ? [] : [{ board, id: hex(id), text: shownText(draft, undefined), by: this.#person(by), at: Number(atMs) }]))
      .sort((a, b) => b.at - a.at);
  }

  async proposals(board: BoardId): Promise<readonly Proposal[]> {
    const entry = entryIn(this.#device, board);
    return (await allProposals(this.#device, board)).flatMap((proposal) => this.#proposal(board, entry, proposal) ?? []).sort((a, b) => a.publishAt - b.publishAt);
  }

  #proposal(board: BoardId, entry: BoardEntry, { id, content, by, signedBy, publishAtMs }: StoredProposal): Proposal | undefined {
    const facts = content && decode(ContentFactsSchema, content.facts);
    const what = facts?.what;
    if (facts === undefined || what === undefined || (what.case !== 'announcement' && what.case !== 'correction' && what.case !== 'withdrawal')) return undefined;
    const text = what.case === 'announcement' ? what.value : what.case === 'correction' ? what.value.text : undefined;
    const missing = Math.max(0, neededFor(facts, entry) - signedBy.length);
    const publishAt = Number(publishAtMs);
    return {
      board, id: hex(id), what: what.case, ...(what.case !== 'announcement' && { of: hex(what.value.of) }), text: text && shownText(text, undefined), note: what.case === 'announcement' ? '' : what.value.note, by: this.#person(by),
      signedBy: signedBy.map(this.#person), missing, publishAt, maySign: missing > 0 && !signedBy.some((key) => sameBytes(key, this.#device.member.key)),
      late: missing === 0 && publishAt > 0 && this.#device.now() > publishAt + LATE_MS,
    };
  }

  /** Of readers whose card this device has. */
  async findReaders(board: BoardId, name: string): Promise<readonly Person[]> {
    const wanted = name.trim().toLocaleLowerCase();
    if (wanted === '') return [];
    const readers = (await allReaders(this.#device, board)).filter(isReading).map(({ member }) => member);
    return readers.filter((member) => this.#device.people.has(hex(member))).map(this.#person).filter((person) => !person.isMe && person.name.toLocaleLowerCase().includes(wanted));
  }

  memberKey(member: string): Uint8Array {
    const key = fromHex(member);
    if (key?.length !== 32) throw new SessionFailure('unknown-member');
    return key;
  }
}
