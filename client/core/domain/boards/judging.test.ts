/** Rosa and Ines announce; mallory, who reads the board and knows its era's keys, tries everything a reader could be made to believe. */
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ed25519KeyPair, ed25519Sign, ed25519Verify, randomBytes, sha256, sodiumReady } from '#shared/sodium.ts';
import { AnnouncementTextSchema, BoardPostingSchema, ContentFactsSchema, EventSchema, PostingFactsSchema } from '../../content/gen/thicket/content/v1/boards_pb.ts';
import { BoardEntrySchema, type BoardEntry } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { LABELS, signFacts, type Label, type Signer } from '../signing.ts';
import { judgePosting, type Standing } from './judging.ts';

beforeAll(sodiumReady);
const tools = { verify: ed25519Verify, sha256 };
const somebody = (): Signer => {
  const keys = ed25519KeyPair();
  return { key: keys.verifyKey, sign: (message) => ed25519Sign(keys.signKey, message) };
};
const hub = new Uint8Array(16).fill(1);
const board = new Uint8Array(16).fill(2);
const NOW = 1_790_000_000_000;
const text = create(AnnouncementTextSchema, { wordings: [{ language: 'en', title: 'Meeting', body: 'At nine' }] });

interface Said {
  readonly what?: MessageInitShape<typeof ContentFactsSchema>['what'];
  readonly id?: Uint8Array;
  readonly authors?: readonly Signer[];
  readonly posters?: readonly Signer[];
  readonly posting?: MessageInitShape<typeof PostingFactsSchema>;
  readonly place?: { hub?: Uint8Array; board?: Uint8Array };
  readonly labels?: readonly [Label, Label];
}

describe('a reader of a board', () => {
  let boardKey: Signer, rosa: Signer, ines: Signer, mallory: Signer, newsbot: Signer, entry: BoardEntry;
  beforeEach(() => {
    [boardKey, rosa, ines, mallory, newsbot] = [somebody(), somebody(), somebody(), somebody(), somebody()];
    entry = create(BoardEntrySchema, { board, boardKey: boardKey.key, askingKey: randomBytes(1216), writers: [rosa.key, ines.key], signatures: 1, bots: [{ name: 'News', key: newsbot.key }] });
  });

  const say = ({ what = { case: 'announcement', value: text }, id = randomBytes(16), authors = [rosa], posters = [boardKey, rosa], posting = {}, place = {}, labels = [LABELS.boardContent, LABELS.boardPosting] }: Said = {}) => {
    const facts = toBinary(ContentFactsSchema, create(ContentFactsSchema, { hub, board, id, what, ...place }));
    const outer = toBinary(PostingFactsSchema, create(PostingFactsSchema, { hub, board, era: 3n, n: 7, content: sha256(facts), sentAtMs: BigInt(NOW), ...posting }));
    return create(BoardPostingSchema, { posting: signFacts(labels[1], outer, posters), content: signFacts(labels[0], facts, authors) });
  };
  const judge = (said: Said = {}, standing: Partial<Standing> = {}) => {
    const judged = judgePosting(say(said), { hub, entry, era: 3, n: 7, seq: 50, now: NOW, newestSentAt: NOW - 1000, isKnown: () => false, ...standing }, tools);
    return typeof judged === 'string' ? judged : 'taken';
  };

  it('takes what a coordinator announces', () => expect(judge()).toBe('taken'));
  it('takes nothing of another board or hub, and no content under another posting', () => {
    expect(judge({ place: { board: new Uint8Array(16) } })).toBe('other-board');
    expect(judge({ posting: { hub: new Uint8Array(16) } })).toBe('other-board');
    expect(judge({ posting: { content: new Uint8Array(32) } })).toBe('other-content');
  });
  it('takes nothing without the board key, whoever signs', () => {
    expect(judge({ posters: [rosa, ines] })).toBe('not-by-board');
    expect(judge({ posters: [mallory, rosa] })).toBe('not-by-board');
  });
  it('takes nothing of a member, nor of somebody who got hold of the board key', () => {
    expect(judge({ authors: [mallory], posters: [boardKey, mallory] })).toBe('not-by-coordinator');
    expect(judge({ authors: [], posters: [boardKey, rosa] })).toBe('not-by-coordinator');
    expect(judge({ authors: [rosa], posters: [boardKey, mallory] })).toBe('not-by-coordinator');
  });
  it('takes no signature that was made for something else', () => {
    expect(judge({ labels: [LABELS.card, LABELS.boardPosting] })).toBe('not-by-coordinator');
    expect(judge({ labels: [LABELS.boardContent, LABELS.boardContent] })).toBe('not-by-board');
  });
  it('wants two different coordinators where the board asks for two; for taking back one is enough', () => {
    entry = { ...entry, signatures: 2 };
    expect(judge()).toBe('too-few-signatures');
    expect(judge({ authors: [rosa, rosa] })).toBe('too-few-signatures');
    expect(judge({ authors: [rosa, mallory] })).toBe('too-few-signatures');
    expect(judge({ authors: [rosa, ines] })).toBe('taken');
    expect(judge({ what: { case: 'withdrawal', value: { of: new Uint8Array(16), note: '' } } }, { isKnown: (id) => id.every((byte) => byte === 0) })).toBe('taken');
  });
  it('takes of a coordinator who was removed what stood in the log before that, and nothing after', () => {
    entry = { ...entry, writers: [ines.key], former: [{ $typeName: 'thicket.content.v1.FormerWriter', key: rosa.key, untilSeq: 50n }] };
    expect(judge()).toBe('taken');
    expect(judge({}, { seq: 51 })).toBe('not-by-coordinator');
  });
  it('takes of a bot only what carries its name, and nothing under its name from anybody else', () => {
    const botText = { case: 'announcement', value: { ...text, bot: 'News' } } as const;
    expect(judge({ what: botText, authors: [newsbot], posters: [boardKey, newsbot] })).toBe('taken');
    expect(judge({ authors: [newsbot], posters: [boardKey, newsbot] })).toBe('not-by-coordinator');
    expect(judge({ what: botText })).toBe('other-bot');
    expect(judge({ what: { ...botText, value: { ...text, bot: 'Views' } }, authors: [newsbot], posters: [boardKey, newsbot] })).toBe('other-bot');
  });
  it('takes nothing a second time, and nothing that was meant for another era or place in it', () => {
    expect(judge({}, { isKnown: () => true })).toBe('replayed');
    expect(judge({ posting: { era: 2n } })).toBe('replayed');
    expect(judge({ posting: { n: 6 } })).toBe('replayed');
  });
  it('takes nothing back-dated, nor from the future', () => {
    expect(judge({ posting: { sentAtMs: BigInt(NOW - 2 * 86_400_000) } })).toBe('back-dated');
    expect(judge({ posting: { sentAtMs: BigInt(NOW - 3_600_000) } })).toBe('taken');
    expect(judge({ posting: { sentAtMs: BigInt(NOW + 11 * 60_000) } })).toBe('future');
  });
  it('takes no correction, pin or total of something that it does not know', () => {
    const of = new Uint8Array(16).fill(9);
    const kinds = [{ case: 'correction', value: { of, text, note: 'nine, not eight' } }, { case: 'pinning', value: { of } }, { case: 'totals', value: { of } }] as const;
    for (const what of kinds) {
      expect(judge({ what })).toBe('unknown-announcement');
      expect(judge({ what }, { isKnown: (id) => id[0] === 9 && id.every((byte) => byte === 9) })).toBe('taken');
    }
  });
  it('takes nothing of a board that was closed, and nothing no device would have made', () => {
    expect(judge({ id: new Uint8Array(3) })).toBe('unreadable');
    for (const wordings of [[], [{ language: 'en', title: ' ', body: '' }], [{ language: 'en', title: 'a', body: '' }, { language: 'en', title: 'b', body: '' }], [{ language: '<b>', title: 'a', body: '' }]]) {
      expect(judge({ what: { case: 'announcement', value: create(AnnouncementTextSchema, { wordings }) } })).toBe('unreadable');
    }
    const event = { beginsAtMs: BigInt(NOW), zone: 'Europe/Madrid', place: 'Hall' };
    const withEvent = (more: object) => judge({ what: { case: 'announcement', value: create(AnnouncementTextSchema, { ...text, event: create(EventSchema, { ...event, ...more }) }) } });
    expect(withEvent({})).toBe('taken');
    for (const wrong of [{ map: 'javascript:alert(1)' }, { map: 'http://maps.example/' }, { endsAtMs: 5n }, { zone: 'here; there' }, { beginsAtMs: 0n }]) expect(withEvent(wrong)).toBe('unreadable');
    entry = { ...entry, closed: true };
    expect(judge()).toBe('closed');
  });
});
