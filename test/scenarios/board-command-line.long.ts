/** A board by `thicket` alone: Alice announces, Bob reads and answers, and a program of hers announces as a bot. Real processes over a real relay. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CommandLine } from '../harness/command-line.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

let relay: TestRelay;
const alice = new CommandLine();
const bob = new CommandLine();

beforeAll(async () => {
  relay = await startTestRelay();
  await alice.do('found', relay.foundingLink ?? '', '--name', 'Alice');
  const [invitation] = await alice.do('invite');
  const joining = bob.start(['join', String(invitation?.['link']), '--name', 'Bob', '--timeout', '120']);
  const { phrase } = await joining.line();
  const [request] = await alice.do('requests');
  await alice.do('admit', String(request?.['id']), '--phrase', String(phrase));
  expect((await joining.ended).code).toBe(0);
});
afterAll(async () => {
  await relay.stop();
  for (const person of [alice, bob]) person.remove();
});

test('a board is made, read, answered, corrected, withdrawn, and posted to by a program', async () => {
  const [made] = await alice.do('board', 'create', 'City news');
  expect(made).toMatchObject({ name: 'City news', id: expect.stringMatching(/^[0-9a-f]{32}$/), desk: expect.stringMatching(/^[0-9a-f]{32}$/) });

  // A process of Alice's answers who asks; her other commands go through it.
  const serving = alice.start(['board', 'read', 'City news', '--follow']);
  expect(await bob.do('board', 'subscribe', 'City news', '--follow')).toEqual([{ id: made?.['id'], name: 'City news', reading: 'yes' }]);
  const [announced] = await alice.do('board', 'announce', 'City news', '--title', 'Assembly', '--body', 'Come all', '--language', 'en',
    '--begin', '30d', '--zone', 'Europe/Madrid', '--place', 'Town hall', '--shift', 'Door:1', '--poll', 'Tea or coffee?', '--choice', 'Tea', '--choice', 'Coffee');
  expect(announced).toMatchObject({ announced: true, seq: expect.any(Number) });
  const id = String(announced?.['id']);
  expect(await serving.line()).toMatchObject({ id, title: 'Assembly' });

  const [item] = await bob.do('board', 'read', 'City news', '--unread');
  expect(item).toMatchObject({ id, title: 'Assembly', read: false, text: { event: { zone: 'Europe/Madrid', place: 'Town hall', shifts: [{ name: 'Door', capacity: 1 }] }, poll: { choices: ['Tea', 'Coffee'] } } });
  const reading = bob.start(['board', 'read', 'City news', '--follow']);
  await reading.line();
  expect(await bob.do('board', 'answer', 'City news', id.slice(0, 8), '--coming', 'yes', '--vote', '2', '--shift', '1', '--name', 'Bob')).toEqual([{ id, votes: [1], shifts: [0], coming: 'yes' }]);
  await vi.waitFor(async () => expect(await alice.do('board', 'tally', 'City news', id)).toEqual([
    { id, acknowledged: 0, coming: 1, maybe: 0, notComing: 0, chosen: [0, 1], voters: 1, taken: [1] }]), { timeout: 30_000, interval: 300 });
  expect(await alice.do('board', 'answers', 'City news', id)).toEqual([{ name: 'Bob', coming: 'yes', votes: [1], shifts: [0] }]);

  await alice.do('board', 'correct', 'City news', id, '--title', 'Assembly, at nine', '--note', 'the hour');
  expect(await reading.line((line) => line['corrected'] !== undefined)).toMatchObject({ id, title: 'Assembly, at nine', corrected: { note: 'the hour' } });
  await alice.do('board', 'withdraw', 'City news', id, '--note', 'no hall');
  expect(await reading.line((line) => line['withdrawn'] !== undefined)).toMatchObject({ id, withdrawn: { note: 'no hall' } });

  // What is due later is sent by the process that is there.
  const [later] = await alice.do('board', 'announce', 'City news', '--title', 'Later', '--at', '3s');
  expect(later).toMatchObject({ announced: false, missing: 0 });
  expect(await reading.line((line) => line['title'] === 'Later')).toMatchObject({ id: later?.['id'] });

  expect(await alice.do('board', 'bot', 'City news', 'Bell')).toEqual([{ id: made?.['id'], bot: 'Bell', listed: true }]);
  serving.child.kill('SIGTERM');
  expect((await serving.ended).code).toBe(0);
  const hook = alice.start(['board', 'hook', 'City news', '--port', '0']);
  const { listening, path } = await hook.line((line) => line['listening'] !== undefined);
  const answer = await fetch(`${String(listening)}${String(path)}`, { method: 'POST', body: JSON.stringify({ title: 'The bell rings', body: 'from a program' }) });
  expect(answer.status).toBe(202);
  const { id: rung } = (await answer.json()) as { id: string };
  expect(await reading.line((line) => line['bot'] !== undefined)).toMatchObject({ id: rung, bot: 'Bell', title: 'The bell rings' });
  hook.child.kill('SIGTERM');
  const ended = await hook.ended;
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  expect(ended.stdout).not.toContain('The bell rings');
  reading.child.kill('SIGTERM');
  await reading.ended;
});
