/**
 * The session as the web client and the command line hold it. What a locked profile can be asked goes to the keeper, all
 * else to the unlocked one; whatever is thrown below leaves here as a SessionFailure.
 */
import { sodiumReady } from '#shared/sodium.ts';
import type { Session } from './api.ts';
import { SESSION_CALLS, type SessionCall } from './api/calls.ts';
import { asSessionFailure } from './failure.ts';
import { SessionKeeper, type SessionDeps } from './keeper.ts';
import type { FrontCall, UnlockedCalls } from './unlocked-calls.ts';

export type { SessionDeps };

export async function openSession(deps: SessionDeps): Promise<Session> {
  await sodiumReady();
  return sessionOf(new SessionKeeper(deps));
}

type Call = (...args: unknown[]) => Promise<unknown>;

/** Every method behind the same guard, so nothing raw ever leaves. */
function sessionOf(keeper: SessionKeeper): Session {
  const guard = <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      try {
        return await work(...args);
      } catch (thrown) {
        throw asSessionFailure(thrown);
      }
    };
  const front: Pick<Session, FrontCall> = {
    subscribe: (listener) => keeper.subscribe(listener),
    overview: guard(() => keeper.overview()),
    found: guard((link, options) => keeper.found(link, options)),
    join: guard((link, options) => keeper.join(link, options)),
    joinAsDevice: guard((link, options) => keeper.joinAsDevice(link, options)),
    unlock: guard((passphrase) => keeper.unlock(passphrase)),
    lock: guard(() => keeper.lock()),
    restoreBackup: guard((source, words, options) => keeper.restore(source, words, options)),
    comeBack: guard((link, options) => keeper.comeBack(link, options)),
    stopAsking: guard(() => keeper.stopAsking()),
    erase: guard(() => keeper.erase()),
    close: guard(() => keeper.close()),
  };
  const isFront = (name: SessionCall): name is Exclude<FrontCall, 'subscribe'> => name in front;
  const unlocked = SESSION_CALLS.filter((name) => !isFront(name))
    .map((name) => [name, guard((...args) => (keeper.unlocked.calls[name as keyof UnlockedCalls] as Call)(...args))]);
  return { ...(Object.fromEntries(unlocked) as UnlockedCalls), ...front };
}
