/** An incoming hook: programs on this computer announce through a profile that is a bot of the board. */
import { announcingMeant, known, readUntil } from '../boards/meaning.ts';
import type { AnnouncementId, BoardId } from '#core/session/api.ts';
import type { Command, Context } from '../command.ts';
import { CliFailure } from '../failure.ts';
import { hookOf } from '../hook/hook.ts';
import { plainLine } from '../output.ts';

const SECRET = 'THICKET_HOOK_SECRET';
/** 32 bytes in hexadecimal or base64url, or more. */
const FIT = /^[A-Za-z0-9_-]{43,128}$/;

export const boardHook: Command = {
  words: ['board', 'hook'],
  places: ['BOARD'],
  flags: ['port', 'host'],
  required: ['port'],
  help: `Listen on this computer for programs that announce through this profile, which has to be a bot of the board: POST http://127.0.0.1:PORT/SECRET with {"title","body","language","priority"}, at most one a second. The secret is made anew and shown once, or taken from ${SECRET} (32 random bytes in hexadecimal or base64url). Ends with SIGTERM.`,
  needs: 'open',
  stays: () => true,
  endsCalmly: () => true,
  objection: ({ port = '' }) => (/^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? undefined : '--port is a number up to 65535; 0 takes any.'),
  async run(context) {
    const { session, out, frontDoor, flags: { port = '', host = '127.0.0.1' }, ending } = context;
    const { board, bot } = await announcingMeant(context);
    if (bot === undefined) throw new CliFailure('no-bot');
    const { make, isSame } = await frontDoor.secrets();
    const { secret, isOurs } = secretOf(context, make);
    const heed = hookOf({
      secret, isSame, now: () => performance.now(),
      announce: async (text) => {
        const id = await session.announce(board.id, text, { bot: true });
        // From here on it goes out, now or once the relay is back: whoever is told of a failure would ask twice.
        await readUntil({ session, ending }, () => isSettled(context, board.id, id)).catch(() => undefined);
        return id;
      },
    });
    const door = await frontDoor.open({ host, port: Number(port) }, heed);
    try {
      const address = `http://${host.includes(':') ? `[${host}]` : host}:${door.port}`;
      out.say({ listening: address, board: board.id, bot, ...(isOurs && { path: `/${secret}` }) },
        `Listening at ${address}${isOurs ? `/${secret}` : ' under the secret you gave'} for ${plainLine(board.name)}, as the bot ${plainLine(bot)}.`);
      await untilEnd(context);
    } finally {
      await door.close();
    }
  },
};

/** It is in the log, or waits at the desk. */
const isSettled = async ({ session }: Context, board: BoardId, id: AnnouncementId): Promise<boolean> =>
  (await known(session, board, id)) !== undefined || (await session.proposals(board)).some((proposal) => proposal.id === id);

/** The one shown at first, also when another command's vault was taken over since. */
function secretOf({ env, progress }: Context, make: () => string): { secret: string; isOurs: boolean } {
  const given = env[SECRET];
  if (given !== undefined && given !== '') {
    if (!FIT.test(given)) throw new CliFailure('usage', `${SECRET} is 32 random bytes, in hexadecimal or base64url.`);
    return { secret: given, isOurs: false };
  }
  progress.secret ??= make();
  return { secret: progress.secret, isOurs: true };
}

/** Until this command is to end; or throws once the command whose vault it uses has ended. */
async function untilEnd({ session, ending }: Context): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = session.subscribe((event) => {
      if (event.changed === 'rooms') session.rooms().catch((thrown: unknown) => (stop(), reject(thrown as Error)));
    });
    ending.addEventListener('abort', () => (stop(), resolve()), { once: true });
    if (ending.aborted) resolve();
  });
}
