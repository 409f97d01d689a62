import { describe, expect, it } from 'vitest';
import { leadWhenFirst } from './lead.ts';

/** Locks as a browser hands them out: one holder, the others in a queue; closing a tab frees what it held. */
function lockManager() {
  const queue: { tab: string; take: () => void }[] = [];
  let holder: string | undefined;
  const next = () => {
    if (holder !== undefined) return;
    const first = queue.shift();
    if (!first) return;
    holder = first.tab;
    first.take();
  };
  const forTab = (tab: string) =>
    ({
      request: (_name: string, callback: () => Promise<unknown>) => {
        queue.push({ tab, take: () => void callback() });
        next();
        return new Promise<never>(() => undefined);
      },
    }) as unknown as LockManager;
  const close = (tab: string) => {
    if (holder === tab) holder = undefined;
    next();
  };
  return { forTab, close };
}

describe('the leading tab', () => {
  it('one tab starts the engine; when it closes, the next one does', () => {
    const { forTab, close } = lockManager();
    const started: string[] = [];
    for (const tab of ['one', 'two', 'three']) leadWhenFirst(() => started.push(tab), forTab(tab));
    expect(started).toEqual(['one']);
    close('one');
    expect(started).toEqual(['one', 'two']);
  });
});
