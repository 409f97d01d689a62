/** Recording a voice message. The microphone is asked for when somebody records, and let go of as soon as they stop. */
import type { FileSound } from '#core/session/api.ts';
import { levelOf, loudnessOf } from './loudness.ts';

/** Longer ones are a file. */
export const LONGEST_MS = 15 * 60_000;
const SHORTEST_MS = 400;
const BITS_PER_SECOND = 28_000;
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];

export type NoRecording = 'denied' | 'no-microphone' | 'impossible';

export interface Recorded {
  readonly blob: Blob;
  readonly name: string;
  readonly type: string;
  readonly sound: FileSound;
}
export interface Recording {
  /** How loud it is just now, 0 .. 1. */
  level(): number;
  /** @returns undefined for what was too short to hold a word */
  stop(): Promise<Recorded | undefined>;
  cancel(): void;
}

export async function record(): Promise<Recording | NoRecording> {
  const type = typeof MediaRecorder === 'undefined' ? undefined : TYPES.find((each) => MediaRecorder.isTypeSupported(each));
  if (type === undefined || navigator.mediaDevices === undefined) return 'impossible';
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true, echoCancellation: true } });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    return name === 'NotAllowedError' ? 'denied' : name === 'NotFoundError' ? 'no-microphone' : 'impossible';
  }
  return recordingOf(stream, type);
}

function recordingOf(stream: MediaStream, type: string): Recording {
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
  const parts: Blob[] = [];
  const listening = new AudioContext();
  const meter = listening.createAnalyser();
  meter.fftSize = 1024;
  listening.createMediaStreamSource(stream).connect(meter);
  const now = new Float32Array(meter.fftSize);
  const ended = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve(), { once: true }));
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  recorder.start();
  const end = (): void => {
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  };
  const close = (): void => {
    if (listening.state !== 'closed') void listening.close();
  };
  return {
    level: () => {
      meter.getFloatTimeDomainData(now);
      return Math.min(1, levelOf(now) * 4);
    },
    stop: async () => {
      end();
      await ended;
      const plain = type.split(';')[0] as string;
      const blob = new Blob(parts, { type: plain });
      const sound = await soundIn(blob, listening).finally(close);
      return sound.durationMs < SHORTEST_MS ? undefined : { blob, name: `voice.${plain.split('/')[1]}`, type: plain, sound };
    },
    cancel: () => {
      end();
      close();
    },
  };
}

async function soundIn(blob: Blob, context: AudioContext): Promise<FileSound> {
  const decoded = await context.decodeAudioData(await blob.arrayBuffer());
  return { durationMs: Math.round(decoded.duration * 1000), waveform: loudnessOf(decoded.getChannelData(0)) };
}
