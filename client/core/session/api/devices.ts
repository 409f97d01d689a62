/** A person's own devices: bringing in another one, naming and removing them, and what they know of each other. */
import type { RequestId, TransferId } from '../api.ts';

/** The device's key, in hexadecimal. */
export type DeviceId = string;

export interface OwnDevice {
  readonly id: DeviceId;
  /** Empty where it was never named. */
  readonly name: string;
  readonly isThis: boolean;
  /** Days since 1970; undefined for the first one, which was not linked. */
  readonly linkedDay: number | undefined;
  /** `joining`: not in every room yet. `leaving`: still in some room, and on its way out. */
  readonly state: 'here' | 'joining' | 'leaving';
  /** Of the rooms of this device, in so many. */
  readonly rooms: { readonly done: number; readonly total: number };
}
export interface LinkOffer {
  readonly id: RequestId;
  /** What the QR code says. Whoever has it can ask, and no more than ask. */
  readonly link: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}
/** A device that opened the link and waits for this person's yes. */
export interface LinkRequest {
  readonly id: RequestId;
  readonly name: string;
  readonly phrase: readonly string[];
  /** Somebody else tried the same link as well. */
  readonly contested: boolean;
}

export interface DeviceCalls {
  /**
   * A link for one device of one's own, good for ten minutes; one that is open already ends.
   * @throws SessionFailure `offline` | `too-many-devices` | `not-yet` (this device was linked a moment ago itself)
   */
  linkDevice(thisDeviceName?: string): Promise<LinkOffer>;
  /** The one that is open. */
  linkOffer(): Promise<LinkOffer | undefined>;
  cancelLink(): Promise<void>;
  /** Whoever opened the link, after asking the relay. */
  linkRequest(): Promise<LinkRequest | undefined>;
  /** `phrase` is what the new device shows. Nothing of the person's keys leaves before. @throws SessionFailure `phrase-differs` | `unknown-request` */
  confirmLink(request: RequestId, phrase: string): Promise<DeviceId>;
  refuseLink(request: RequestId): Promise<void>;
  /** On the new device: makes the vault and asks. Stage becomes `waiting`, the phrase is in the overview. @throws SessionFailure `bad-link` … */
  joinAsDevice(link: string, options: { deviceName: string; passphrase: string }): Promise<{ phrase: readonly string[] }>;

  /** This one first. */
  devices(): Promise<readonly OwnDevice[]>;
  renameDevice(device: DeviceId, name: string): Promise<void>;
  /** Out of every room, at once where the hub can be reached, else as soon as it can. @throws SessionFailure `not-allowed` for this one */
  removeDevice(device: DeviceId): Promise<void>;
  /** What this device holds of the past goes to the other one, sealed. */
  sendHistory(device: DeviceId, transfer?: TransferId): Promise<void>;
}
