/** What a profile is once its vault is open. Not part of what a browser loads before it can ask for the passphrase. */
import { Background } from './background.ts';
import { mayReviseHere } from './bulletin-revision.ts';
import { Conversation } from './conversation.ts';
import { Device, type DeviceDeps } from './device.ts';
import { unlockedCalls, type UnlockedCalls } from './unlocked-calls.ts';

export interface Unlocked {
  readonly device: Device;
  readonly background: Background;
  readonly conversation: Conversation;
  readonly calls: UnlockedCalls;
  /** This device may revise the bulletin. */
  mayRevise(): boolean;
}

/** @throws SessionFailure `vault-damaged` */
export async function openDevice(deps: DeviceDeps): Promise<Unlocked> {
  const device = await Device.load(deps);
  const background = new Background(device);
  // What is overdue goes before anything is shown.
  await background.vanishing.begin();
  const parts = { device, background, conversation: new Conversation(device, background) };
  return { ...parts, calls: unlockedCalls(parts), mayRevise: () => mayReviseHere(device) };
}
