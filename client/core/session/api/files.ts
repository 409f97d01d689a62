/** Files in rooms: pictures, voice messages, videos and documents. What is said about one beside its name and size is its sender's word. */
import type { MessageId, RoomId } from '../api.ts';
import type { MessageItem, MessagePlace } from './talk.ts';

export interface SharedFile {
  /** One line, without a path. */
  readonly name: string;
  /** A media type by the sender's account, or empty. What the bytes really are is not known. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Of an image or a video. */
  readonly preview?: FilePreview | undefined;
  /** Of a voice message. */
  readonly sound?: FileSound | undefined;
  /** Alike in files of one sender that were sent together. */
  readonly album?: string | undefined;
  /** Milliseconds since 1970, by the sender's clock, until when the hub has it; undefined where that is not known. */
  readonly until?: number | undefined;
}
export interface FilePreview {
  /** WebP or JPEG by its first bytes, at most 10 KiB, from another member: to be decoded with care. */
  readonly image: Uint8Array;
  /** Pixels of the whole. */
  readonly width: number;
  readonly height: number;
  /** Of a video; 0 for an image. */
  readonly durationMs: number;
}
export interface FileSound {
  readonly durationMs: number;
  /** Up to 64 values, 0 .. 255. */
  readonly waveform: readonly number[];
}

/** What goes out with a file. */
export interface OutgoingFile {
  readonly name: string;
  readonly type: string;
  readonly transfer?: TransferId | undefined;
  /** Cut to 2,000 characters. */
  readonly caption?: string | undefined;
  readonly preview?: FilePreview | undefined;
  readonly sound?: FileSound | undefined;
  /** 32 hexadecimal digits. */
  readonly album?: string | undefined;
  readonly replyTo?: MessagePlace | undefined;
  /** The message whose thread it goes to. */
  readonly thread?: MessagePlace | undefined;
  /** Its bytes are kept sealed on this device first, where it is not too large: then it goes on by itself after a restart. */
  readonly keep?: boolean | undefined;
}
/** A file that is on its way to a room, or was when this device was closed. */
export interface FileUnderWay {
  readonly transfer: TransferId;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly caption: string;
  readonly preview: FilePreview | undefined;
  readonly sound: FileSound | undefined;
  readonly album: string | undefined;
  /** The message whose thread it goes to. */
  readonly thread: MessagePlace | undefined;
  /** Bytes the hub has. */
  readonly done: number;
  /** It goes on once the same file is given to `sendFile` again: its bytes are not on this device. */
  readonly lost: boolean;
}
/** Messages with files, newest first. */
export interface FilesPage {
  readonly items: readonly MessageItem[];
  /** Give it as `before` to read on; undefined: there are no more. */
  readonly next: number | undefined;
}

/** Where a file is read from. A `Blob` is one, in a browser and (openAsBlob) in Node. */
export interface FileSource {
  /** Bytes. */
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}
/** Where a file is saved to. What is there from an earlier try is gone on with. */
export interface FileSink {
  /** Bytes that are there. */
  size(): Promise<number>;
  read(from: number, length: number): Promise<Uint8Array>;
  /** Writes at `from`, which is never beyond the end; what was there from there on is gone. */
  write(from: number, bytes: Uint8Array): Promise<void>;
}
/** A name the caller gives to one sending or saving, to follow it and to give it up. */
export type TransferId = string;

export interface FileCalls {
  /**
   * Sends a file and queues the message that carries it; resolves with its id. The same file to the same room again, after a
   * crash or a cut, goes on where it was. While the relay cannot be reached it waits.
   */
  sendFile(room: RoomId, source: FileSource, about: OutgoingFile): Promise<MessageId>;
  /** What is on its way to a room. */
  filesUnderWay(room: RoomId): Promise<readonly FileUnderWay[]>;
  /** Writes a message's file into the sink, or goes on with it. What is in the sink is the file only once this resolves. */
  saveFile(room: RoomId, message: MessageId | MessagePlace, sink: FileSink, transfer?: TransferId): Promise<void>;
  /**
   * The same into memory, or what a browser makes of that: for a screen, which cannot hand a sink to the engine. Images and
   * sounds are then kept sealed on this device, the ones used last within a budget, and are there without the hub.
   */
  fetchFile(room: RoomId, message: MessageId | MessagePlace, transfer?: TransferId): Promise<Blob>;
  /** Whether `fetchFile` has it without the hub. */
  isFileHere(room: RoomId, message: MessageId | MessagePlace): Promise<boolean>;
  /** The file of a message of one's own is deleted at the relay; who has saved it has it. */
  withdrawFile(room: RoomId, message: MessageId): Promise<void>;
  /** Gives up sending or saving; it rejects with `cancelled`. */
  cancelTransfer(transfer: TransferId): Promise<void>;
  /** Looks back through a room for its files, a stretch at a time. @param options.before a seq */
  filesOf(room: RoomId, options?: { readonly before?: number }): Promise<FilesPage>;
}
