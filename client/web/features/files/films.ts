/** The first picture of a video one has chosen, its size and its length. The browser plays it out of sight and without a sound. */
const LONGEST_MS = 15_000;
/** Into the film, seconds: the very first picture is often black. */
const INTO = 0.4;
const LONGEST_SIDE = 800;

export interface FirstPicture {
  readonly bitmap: ImageBitmap;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
}

/** @returns undefined for what this browser cannot play */
export async function firstPicture(file: Blob): Promise<FirstPicture | undefined> {
  const address = URL.createObjectURL(file);
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.preload = 'auto';
  try {
    const loaded = happens(video, 'loadeddata');
    video.src = address;
    await loaded;
    const { videoWidth: width, videoHeight: height } = video;
    if (width === 0 || height === 0) return undefined;
    const seconds = await durationOf(video);
    const sought = happens(video, 'seeked');
    video.currentTime = Math.min(INTO, seconds / 2);
    await sought;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
    return { bitmap: canvas.transferToImageBitmap(), width, height, durationMs: Math.max(1, Math.round(seconds * 1000)) };
  } catch {
    return undefined;
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(address);
  }
}

/** What a browser recorded itself has no length written in it: it is found by seeking to an end that is not there. */
async function durationOf(video: HTMLVideoElement): Promise<number> {
  if (Number.isFinite(video.duration)) return video.duration;
  const known = happens(video, 'durationchange');
  video.currentTime = 1e7;
  await known;
  return Number.isFinite(video.duration) ? video.duration : 1;
}

function happens(video: HTMLVideoElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = setTimeout(() => reject(new Error(event)), LONGEST_MS);
    video.addEventListener(event, () => (clearTimeout(over), resolve()), { once: true });
    video.addEventListener('error', () => (clearTimeout(over), reject(new Error('unplayable'))), { once: true });
  });
}
