/** Where other programs on this computer knock: HTTP, and what it needs of chance and comparison. Filled in `compose.ts`. */
export interface Knock {
  readonly method: string;
  /** As it stands in the request, with what follows a question mark. */
  readonly path: string;
  /** @param most bytes @returns undefined for a body with more, of which no more is read */
  body(most: number): Promise<Uint8Array | undefined>;
}
export interface DoorAnswer {
  readonly status: number;
  /** Sent as JSON. */
  readonly says: Readonly<Record<string, unknown>>;
}
export interface OpenDoor {
  /** The one that was given, or that the system chose for 0. */
  readonly port: number;
  /** Nothing new is taken, and what is under way is cut. */
  close(): Promise<void>;
}
export interface FrontDoor {
  /** @throws CliFailure `usage` where it cannot listen there */
  open(at: { readonly host: string; readonly port: number }, heed: (knock: Knock) => Promise<DoorAnswer>): Promise<OpenDoor>;
  secrets(): Promise<Secrets>;
}
export interface Secrets {
  /** 32 random bytes in base64url. */
  make(): string;
  /** Takes as long for a near miss as for a far one. */
  isSame(shown: string, expected: string): boolean;
}
