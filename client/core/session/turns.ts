/**
 * Long work gives way now and then, so that what waits for this thread has its turn: bytes of the next page, a tab that
 * asks something. A promise alone does not do that, and a timer is held back by browsers.
 */
export const giveWay: () => Promise<void> = 'setImmediate' in globalThis ? () => new Promise((resolve) => void setImmediate(resolve)) : byMessages();

function byMessages(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () => new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(undefined);
  });
}
