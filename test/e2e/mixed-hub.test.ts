/** One member in a browser, two at the command line, in one room. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserPerson, startBrowser, QUICK_WEB_DIRECTORY } from '../harness/browser.ts';
import { CommandLine } from '../harness/command-line.ts';
import { startTestRelay } from '../harness/relay.ts';

describe('a hub of one browser and two terminals', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>, browser: Browser, alice: BrowserPerson;
  const bob = new CommandLine();
  const carol = new CommandLine();
  const ROOM = 'Night shift';

  beforeAll(async () => {
    relay = await startTestRelay({ webDirectory: QUICK_WEB_DIRECTORY });
    browser = await startBrowser();
    alice = await BrowserPerson.arrive(browser, 'Alice', relay.origin);
    await alice.found(relay.foundingLink as string, 'Bus Drivers');
  });
  afterAll(async () => {
    await browser?.close();
    await relay?.stop();
    for (const person of [bob, carol]) person.remove();
  });

  it('alice, in the browser, lets bob and carol in, who wait at their terminals', async () => {
    for (const [person, name] of [[bob, 'Bob'], [carol, 'Carol']] as const) {
      const joining = person.start(['join', await alice.invite(), '--name', name, '--timeout', '120']);
      const { phrase } = await joining.line((line) => 'phrase' in line);
      await alice.admit(name, phrase as string);
      expect((await joining.ended).code).toBe(0);
    }
  });

  it('everybody reads everybody, in one order', async () => {
    await alice.createRoom(ROOM);
    await alice.add('Bob');
    await alice.add('Carol');
    await alice.say('Hello from the browser, مرحبا');
    await alice.allSent();
    await bob.do('send', ROOM, 'Hello from a terminal, שלום');
    const sent = await carol.run(['send', ROOM, '-'], { input: 'first line\nसाथियो, second line\n👩🏽‍🔧 third\n' });
    expect(sent.code).toBe(0);
    expect(sent.lines).toHaveLength(3);
    for (const { id, seq } of sent.lines) expect([typeof id, typeof seq]).toEqual(['string', 'number']);
    await alice.reads('👩🏽‍🔧 third');

    const inBrowser = await alice.readAll();
    expect(inBrowser.map(({ text }) => text)).toEqual([
      'Hello from the browser, مرحبا', 'Hello from a terminal, שלום', 'first line', 'साथियो, second line', '👩🏽‍🔧 third',
    ]);
    for (const person of [bob, carol]) {
      const read = await person.do('read', ROOM);
      expect(read.map(({ seq, text }) => ({ seq, text }))).toEqual(inBrowser);
      expect(read.map(({ sender }) => sender)).toEqual(['Alice', 'Bob', 'Carol', 'Carol', 'Carol']);
    }
    const [, secondSeq] = sent.lines.map(({ seq }) => seq as number);
    expect((await bob.do('read', ROOM, '--since', String(secondSeq))).map(({ text }) => text)).toEqual(['👩🏽‍🔧 third']);
  });

  it('bob follows the room while the browser talks', async () => {
    const following = bob.start(['read', ROOM, '--follow']);
    await following.line((line) => String(line['text']).includes('third'));
    await alice.say('Are you still there?');
    expect((await following.line((line) => String(line['text']).startsWith('Are you')))['sender']).toBe('Alice');
    // Another command on the same home, while the first one runs.
    await bob.do('send', ROOM, 'Still here.');
    await alice.reads('Still here.');
    following.child.kill('SIGINT');
    expect((await following.ended).code).toBe(0);
  });

  it('alice removes bob: his terminal says so, and reads nothing newer', async () => {
    await alice.remove('Bob');
    await alice.say('Only carol and I now.');
    await alice.allSent();
    const refused = await bob.run(['send', ROOM, 'let me in']);
    expect(refused.code).not.toBe(0);
    const texts = (await bob.do('read', ROOM)).map(({ text }) => text);
    expect(texts).not.toContain('Only carol and I now.');
    expect(texts).toContain('Still here.');
    expect((await carol.do('read', ROOM)).at(-1)?.['text']).toBe('Only carol and I now.');
    expect(alice.complaints).toEqual([]);
  });
});
