/** What a profile is once its vault is open. Not part of what a browser loads before it can ask for the passphrase. */
import type { RoomCalls } from './api.ts';
import { Background } from './background.ts';
import { Conversation } from './conversation.ts';
import { roomCalls } from './rooms/calls.ts';
import { Device, type DeviceDeps } from './device.ts';

export interface Unlocked {
  readonly device: Device;
  readonly background: Background;
  readonly conversation: Conversation;
  readonly rooms: RoomCalls;
}

/** @throws SessionFailure `vault-damaged` */
export async function openDevice(deps: DeviceDeps): Promise<Unlocked> {
  const device = await Device.load(deps);
  const background = new Background(device);
  // What is overdue goes before anything is shown.
  await background.vanishing.begin();
  return { device, background, conversation: new Conversation(device, background), rooms: roomCalls(device, background) };
}
