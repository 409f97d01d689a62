/** What the page and the worker that handles pictures say to each other. */

/** Make of a chosen file what is sent: smaller, as a new picture, with nothing in it but the picture. */
export interface Prepare {
  readonly what: 'prepare';
  readonly file: Blob;
}
export interface Prepared {
  readonly image: Blob;
  readonly preview: Uint8Array;
  readonly width: number;
  readonly height: number;
}
/** Make of what somebody sent a bitmap to draw. */
export interface Show {
  readonly what: 'show';
  readonly bytes: Blob;
  /** Pixels of what is decoded, at most; undefined: as many as can be borne. */
  readonly most?: number | undefined;
  /** Pixels of the longer side of what is drawn, at most. */
  readonly longest: number;
}
/** The first picture of a video as a preview. */
export interface Shrink {
  readonly what: 'shrink';
  readonly bitmap: ImageBitmap;
}

export type Job = Prepare | Show | Shrink;
export type Result<J extends Job> = J extends Prepare ? Prepared : J extends Show ? ImageBitmap : Uint8Array;
export interface Asked {
  readonly id: number;
  readonly job: Job;
}
/** Without a result: it could not be done, and nobody needs to know more than that. */
export interface Answered {
  readonly id: number;
  readonly result: Prepared | ImageBitmap | Uint8Array | undefined;
}
