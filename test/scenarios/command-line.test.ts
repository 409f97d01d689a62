/** Alice, Bob and Carol at their terminals, over a real relay: the contract of `thicket`, by real processes. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { CommandLine } from '../harness/command-line.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';

// Some sixty processes, each of which spends a third of a second on the passphrase.
vi.setConfig({ testTimeout: 300_000 });

let relay: TestRelay;
const alice = new CommandLine();
const bob = new CommandLine();
const carol = new CommandLine();

beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(async () => {
  await relay.stop();
  for (const person of [alice, bob, carol]) person.remove();
});

/** Bob joins and Alice admits him, phrase against phrase. */
async function join(newcomer: CommandLine, name: string): Promise<void> {
  const [invitation] = await alice.do('invite');
  const joining = newcomer.start(['join', String(invitation?.['link']), '--name', name, '--timeout', '120']);
  const { phrase } = await joining.line();
  expect(phrase).toMatch(/^[a-z]+( [a-z]+){3}$/);
  const [request] = await alice.do('requests');
  expect(request).toMatchObject({ name, phrase });
  const wrong = await alice.run(['admit', String(request?.['id']), '--phrase', 'not what they said']);
  expect([wrong.code, JSON.parse(wrong.stderr)]).toEqual([3, expect.objectContaining({ error: 'phrase-differs' })]);
  await alice.do('admit', String(request?.['id']), '--phrase', String(phrase));
  expect(await joining.line()).toMatchObject({ admitted: true, name });
  expect((await joining.ended).code).toBe(0);
}

describe('thicket, the whole story', () => {
  test('found, invite, join, admit', async () => {
    await alice.do('found', relay.foundingLink ?? '', '--name', 'Alice');
    await join(bob, 'Bob');
    await join(carol, 'Carol');
    const again = await bob.run(['join', 'https://example.org/#x', '--name', 'Bob']);
    expect(again.code).toBe(3);
  });

  test('a room, its people, and messages read alike by all', async () => {
    const [room] = await alice.do('room', 'create', 'Garden');
    expect(room).toMatchObject({ name: 'Garden', id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    await alice.do('room', 'add', 'Garden', 'Bob');
    await alice.do('room', 'add', String(room?.['id']).slice(0, 8), 'Carol');
    const [sent] = await alice.do('send', 'Garden', 'Tea at four?');
    expect(sent).toEqual({ id: expect.stringMatching(/^[0-9a-f]+$/), seq: expect.any(Number) });
    await bob.do('send', 'Garden', 'مرحبا 👩‍🌾 שלום नमस्ते 你好');

    const [first, second] = await carol.do('read', 'Garden');
    expect(first).toEqual({ id: sent?.['id'], seq: sent?.['seq'], sender: 'Alice', at: expect.any(Number), text: 'Tea at four?' });
    expect(second).toMatchObject({ sender: 'Bob', text: 'مرحبا 👩‍🌾 שלום नमस्ते 你好' });
    expect(await bob.do('read', 'Garden')).toEqual([first, second]);
    expect(await bob.do('read', 'Garden', '--since', String(first?.['seq']))).toEqual([second]);
    expect((await alice.do('members', 'Garden')).map((member) => [member['name'], member['me']]))
      .toEqual(expect.arrayContaining([['Alice', true], ['Bob', false], ['Carol', false]]));
    expect(await bob.do('rooms')).toMatchObject([{ name: 'Garden', people: 3, active: true }]);
  });

  test('send from standard input, a message a line, while another command follows the same home', async () => {
    const following = bob.start(['read', 'Garden', '--follow']);
    await following.line((line) => line['text'] === 'Tea at four?');
    // Bob's home is held by the first command; these go through it.
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const sending = await bob.run(['send', 'Garden', '-'], { input: `${lines.join('\r\n')}\n\n` });
    expect([sending.code, sending.stderr]).toEqual([0, '']);
    expect(sending.lines.map(({ seq }) => seq)).toEqual([...sending.lines.map(({ seq }) => Number(seq))].sort((a, b) => a - b));
    const ids = sending.lines.map(({ id }) => id);
    for (const [i, text] of lines.entries()) expect(await following.line((line) => line['text'] === text)).toMatchObject({ id: ids[i], sender: 'Bob' });
    // From somebody else, as it comes.
    await carol.do('send', 'Garden', 'I am coming');
    expect(await following.line((line) => line['sender'] === 'Carol')).toMatchObject({ text: 'I am coming' });

    const stranger = await bob.run(['rooms'], { passphrase: 'not bob at all' });
    expect(stranger.code).toBe(5);
    expect(statSync(pathOf(bob.home, 'thicket.sock')).mode & 0o077).toBe(0);
    process.kill(following.pid, 'SIGTERM');
    expect((await following.ended).code).toBe(0);
    expect(readdirSync(bob.home)).toEqual(['vault.db']);
    expect((await carol.do('read', 'Garden')).map(({ text }) => text)).toEqual((await bob.do('read', 'Garden')).map(({ text }) => text));
  });

  test('a follower that borrowed the vault takes it over when its owner is killed', async () => {
    const owner = bob.start(['read', 'Garden', '--follow']);
    await owner.line();
    const borrower = bob.start(['read', 'Garden', '--follow']);
    const { seq } = await borrower.line((line) => line['text'] === 'I am coming');
    process.kill(owner.pid, 'SIGKILL');
    await owner.ended;
    await carol.do('send', 'Garden', 'still there?');
    expect(await borrower.line()).toMatchObject({ sender: 'Carol', text: 'still there?' });
    await bob.do('send', 'Garden', 'yes');
    const { lines } = await (process.kill(borrower.pid, 'SIGTERM'), borrower.ended);
    expect(lines.filter((line) => line['seq'] === seq)).toHaveLength(1);
  });

  test('commands on one home at the same moment take turns', async () => {
    const ended = await Promise.all(Array.from({ length: 3 }, (_, i) => carol.run(['send', 'Garden', `turn ${i}`])));
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual([[0, ''], [0, ''], [0, '']]);
  });

  test('removed, she reads what was and nothing newer', async () => {
    await alice.do('room', 'remove', 'Garden', 'Carol');
    await alice.do('send', 'Garden', 'without Carol');
    const texts = (await carol.do('read', 'Garden')).map(({ text }) => text);
    expect(texts).toContain('I am coming');
    expect(texts).not.toContain('without Carol');
    expect((await carol.run(['send', 'Garden', 'let me in'])).code).toBe(3);
    expect((await bob.do('read', 'Garden')).map(({ text }) => text)).toContain('without Carol');
  });

  test('what goes wrong has a code and a sentence, and no stack', async () => {
    const cases: [CommandLine, string[], number, Parameters<CommandLine['run']>[1]?][] = [
      [alice, ['rooms'], 2, { passphrase: '' }],
      [alice, ['rooms'], 5, { passphrase: 'something else' }],
      [alice, ['send', 'Nowhere', 'x'], 6],
      [alice, ['room', 'add', 'Garden', 'Nobody'], 6],
      [alice, ['admit', 'ffffffffffff', '--phrase', 'a b c d'], 6],
      [alice, ['room', 'add', 'Garden', 'Bob'], 3],
      [new CommandLine({ home: pathOf(alice.home, 'nowhere') }), ['rooms'], 6],
      [new CommandLine({ home: pathOf(alice.home, 'new') }), ['found', 'https://hub.example/#nonsense', '--name', 'Mallory'], 2],
    ];
    for (const [i, [person, args, code, options]] of cases.entries()) {
      const json = i % 2 === 0;
      const ended = await person.run(args, { ...options, json });
      expect([args, ended.code, ended.stdout]).toEqual([args, code, '']);
      expect(ended.stderr).not.toMatch(/\bat .*:\d+|Error|node:/);
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
      if (json) expect(JSON.parse(ended.stderr)).toEqual({ error: expect.any(String), message: expect.any(String) });
    }
  });

  test('files, also through a command that holds the vault', async () => {
    const folder = mkdtempSync(pathOf(tmpdir(), 'thicket-test-files-'));
    const bytes = randomBytes(1_300_000);
    writeFileSync(pathOf(folder, 'minutes.odt'), bytes);
    const [sent] = await alice.do('send-file', 'Garden', pathOf(folder, 'minutes.odt'));
    expect(sent).toMatchObject({ name: 'minutes.odt', size: bytes.length, seq: expect.any(Number) });
    const shown = (await bob.do('read', 'Garden')).at(-1);
    expect(shown).toMatchObject({ id: sent?.['id'], text: '', file: { name: 'minutes.odt', type: '', size: bytes.length } });

    const inbox = pathOf(folder, 'inbox');
    mkdirSync(inbox);
    // What an earlier try left.
    writeFileSync(pathOf(inbox, `.minutes.odt.${String(sent?.['id']).slice(0, 8)}.part`), bytes.subarray(0, 1_100_000));
    const following = bob.start(['read', 'Garden', '--follow']);
    await following.line();
    expect(await bob.do('save-file', 'Garden', String(sent?.['seq']), inbox)).toEqual([
      expect.objectContaining({ saved: pathOf(inbox, 'minutes.odt'), size: bytes.length })]);
    expect(readFileSync(pathOf(inbox, 'minutes.odt')).equals(bytes)).toBe(true);
    expect(readdirSync(inbox)).toEqual(['minutes.odt']);
    const again = await bob.run(['save-file', 'Garden', String(sent?.['id']), inbox]);
    expect([again.code, JSON.parse(again.stderr)]).toEqual([2, expect.objectContaining({ error: 'usage' })]);

    const [back] = await bob.do('send-file', 'Garden', pathOf(folder, 'minutes.odt'));
    expect(back).toMatchObject({ size: bytes.length });
    following.child.kill('SIGINT');
    await following.ended;
    expect((await alice.run(['save-file', 'Garden', '1', inbox])).code).toBe(6);
    expect((await alice.run(['send-file', 'Garden', pathOf(folder, 'nothing')])).code).toBe(2);
    rmSync(folder, { recursive: true });
  });

  test('a relay that is away is an answer of its own', async () => {
    await relay.stop();
    const ended = await alice.run(['rooms', '--timeout', '30']);
    expect([ended.code, JSON.parse(ended.stderr)]).toEqual([4, expect.objectContaining({ error: 'offline' })]);
    await relay.restart();
    await alice.do('rooms');
  });
});

