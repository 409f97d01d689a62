/** Founding a hub, and joining one. */
import { SessionFailure, type Session } from '#core/session/api.ts';
import type { Command, Context } from '../command.ts';
import { codeOf } from '../failure.ts';
import { plainLine } from '../output.ts';

export const found: Command = {
  words: ['found'],
  places: ['LINK'],
  flags: ['name', 'hub-name'],
  required: ['name'],
  help: 'Found the hub with the link its relay printed. You become its first member.',
  needs: 'new',
  async run({ session, out, places: [link = ''], flags: { name = '', 'hub-name': hubName }, passphrase }) {
    await session.found(link, { name, passphrase, ...(hubName === undefined ? {} : { hubName }) });
    const { me, hubName: hub } = await session.overview();
    out.say({ founded: true, hub, name: me?.name ?? name, fingerprint: me?.fingerprint },
      `The hub${hub === undefined ? '' : ` “${plainLine(hub)}”`} is founded. You are ${plainLine(me?.name ?? name)}, ${me?.fingerprint ?? ''}.`);
  },
};

export const join: Command = {
  words: ['join'],
  places: ['LINK'],
  flags: ['name'],
  required: ['name'],
  help: 'Join a hub with an invitation link: read the phrase to whoever invited you, and wait until they admit you. With a link for another device of yours (thicket link), --name names the device.',
  needs: 'new',
  stays: () => true,
  async run(context) {
    const { session, out } = context;
    const phrase = (await claimOrResume(context)).join(' ');
    out.say({ phrase }, `Your phrase is:  ${phrase}`);
    const { linking } = await session.overview();
    out.tell(linking ? 'Compare it with what your other device shows (thicket link show), and confirm it there. Waiting …'
      : 'Read it to whoever invited you, by voice or in person. Waiting until they admit you …');
    await letIn(context);
  },
};

export const comeBack: Command = {
  words: ['come-back'],
  places: ['LINK'],
  flags: [],
  help: 'On a device that was restored: ask with an invitation link of somebody who may invite to be let into your rooms again. Read the phrase to them, and wait.',
  needs: 'new',
  stays: () => true,
  async run(context) {
    const { session, out, places: [link = ''], passphrase } = context;
    if ((await session.overview()).stage === 'empty') throw new SessionFailure('no-vault');
    await session.unlock(passphrase);
    const { stage, returning, phrase: asked } = await session.overview();
    if (stage === 'waiting' && !returning) throw new SessionFailure('not-admitted');
    // One that was cut short goes on where it was.
    const phrase = (stage === 'waiting' ? (asked ?? []) : (await session.comeBack(link, { passphrase })).phrase).join(' ');
    out.say({ phrase }, `Your phrase is:  ${phrase}`);
    out.tell('Read it to whoever sent you the link, by voice or in person. Waiting until they let this device in …');
    await letIn(context);
  },
};

export const stopAsking: Command = {
  words: ['come-back', 'stop'],
  places: [],
  flags: [],
  help: 'Ask no longer to come back: what this device has stays as it is.',
  needs: 'new',
  async run({ session, out, passphrase }) {
    if ((await session.overview()).stage === 'empty') throw new SessionFailure('no-vault');
    await session.unlock(passphrase);
    await session.stopAsking();
    out.say({ stopped: true }, 'This device asks no longer. What it has can be read.');
  },
};

/** Waits until somebody has compared the phrase, and says who one is. @throws SessionFailure when it never will be */
async function letIn({ session, out, share, ending }: Context): Promise<void> {
  await share();
  await admission(session, ending);
  if ((await session.overview()).entering) out.tell('Admitted. A pause of a few seconds, which makes it harder for the server to guess who invited you …');
  await settled(session, ending);
  const { me, hubName } = await session.overview();
  out.say({ admitted: true, hub: hubName, name: me?.name, fingerprint: me?.fingerprint }, `You are in${hubName === undefined ? '' : `: ${plainLine(hubName)}`}.`);
}

/** A join that was cut short goes on where it was; a finished one is not repeated. */
async function claimOrResume({ session, places: [link = ''], flags: { name = '' }, passphrase }: Context): Promise<readonly string[]> {
  const { stage } = await session.overview();
  if (stage === 'empty') return (await (isForDevice(link) ? session.joinAsDevice(link, { deviceName: name, passphrase }) : session.join(link, { name, passphrase }))).phrase;
  await session.unlock(passphrase);
  const { stage: unlocked, phrase } = await session.overview();
  if (unlocked !== 'waiting' || phrase === undefined) throw new SessionFailure('vault-exists');
  return phrase;
}

const isForDevice = (link: string): boolean => link.includes('#link=');

/** Passing troubles of the network while waiting; everything else is the end of it. */
const PASSING: ReadonlySet<string> = new Set(['offline', 'relay-busy', 'relay-full']);
const RETRY_MS = 1000;

/** Resolves once this device is admitted. @throws SessionFailure when it never will be */
function admission(session: Session, ending: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => void session.overview().then(({ stage, joinProblem }) => {
      if (stage === 'open') done(resolve);
      else if (stage !== 'waiting') done(() => reject(new SessionFailure('locked')));
      else if (joinProblem !== undefined && !PASSING.has(joinProblem)) done(() => reject(new SessionFailure(joinProblem)));
    }, (error: unknown) => done(() => reject(error)));
    const stop = session.subscribe(({ changed }) => changed === 'overview' && look());
    const done = (settle: () => void) => {
      stop();
      settle();
    };
    ending.addEventListener('abort', stop, { once: true });
    look();
  });
}

/** Admitted is admitted: a network that fails in just this moment is waited for. */
async function settled(session: Session, ending: AbortSignal): Promise<void> {
  while (!ending.aborted) {
    try {
      return await session.catchUp();
    } catch (error) {
      if (!PASSING.has(codeOf(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
