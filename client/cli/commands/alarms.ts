/** What somebody has to know about their hub: told by every command until they say that they understood. */
import type { Session } from '#core/session/api.ts';
import type { Command } from '../command.ts';
import { jsonLine } from '../output.ts';
import { alarmSentence } from '../words.ts';

export const understood: Command = {
  words: ['understood'],
  places: [],
  flags: [],
  help: 'Say that you have read the alarms of your hub. Until then every command repeats them on standard error.',
  needs: 'open',
  async run({ session, out }) {
    for (const { id, what } of (await session.overview()).alarms) {
      await session.dismissAlarm(id);
      out.say({ understood: what }, alarmSentence(what));
    }
  },
};

/** @param write to standard error, so that what a command prints stays what it is */
export async function repeatAlarms(session: Session, json: boolean, write: (text: string) => void): Promise<void> {
  for (const { what } of (await session.overview()).alarms) {
    const message = alarmSentence(what);
    write(json ? `${jsonLine({ alarm: what, message })}\n` : `thicket: ${message}\n`);
  }
}
