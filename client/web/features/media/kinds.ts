/** What a file is to a person, by what is said of it; and which endings a system would run. Pure. */
import type { SharedFile } from '#core/session/api.ts';

export type Kind = 'picture' | 'video' | 'voice' | 'document';

export function kindOf({ preview, sound }: SharedFile): Kind {
  if (sound !== undefined) return 'voice';
  if (preview === undefined) return 'document';
  return preview.durationMs > 0 ? 'video' : 'picture';
}

/** The last ending, small, without its dot; empty where there is none. */
export const endingOf = (name: string): string => /\.([\p{L}\p{N}_-]{1,16})$/u.exec(name)?.[1]?.toLowerCase() ?? '';

/** What opening does on one system or another: it runs a program, or a script within one. */
const RUNS = new Set(
  ('apk app appimage appx bat bin cmd com command cpl deb desktop dll dmg docm dotm exe gadget hta htm html img inf iso jar jnlp js jse lnk mht mhtml ' +
    'msc msi msix msp mst ocx osx out pif pkg potm ppam ppsm pptm ps1 psm1 py pyw rb reg rpm run scf scpt scr sct sh shtml sldm svg svgz swf sys url vb ' +
    'vbe vbs vhd vhdx wasm workflow wsc wsf wsh xhtml xht xlam xlsm xltm xml xpi').split(' '),
);
export const isDangerous = (name: string): boolean => RUNS.has(endingOf(name));

/** Two endings, the first of which is not the one that counts: `letter.pdf.exe`. */
export function seemsLike(name: string): string | undefined {
  const before = endingOf(name.slice(0, Math.max(0, name.length - endingOf(name).length - 1)));
  return /^(?:avi|csv|docx?|gif|jpe?g|mov|mp[34]|odt|pdf|png|pptx?|rtf|txt|webp|xlsx?|zip)$/.test(before) ? before : undefined;
}

export type Sign = 'text' | 'table' | 'packed' | 'sound' | 'film' | 'image' | 'other';
const SIGNS: readonly (readonly [Sign, RegExp])[] = [
  ['text', /^(?:pdf|docx?|odt|txt|md|rtf|epub|pages)$/],
  ['table', /^(?:xlsx?|ods|csv|numbers)$/],
  ['packed', /^(?:zip|7z|rar|gz|tar|xz|bz2)$/],
  ['sound', /^(?:mp3|m4a|ogg|opus|wav|flac|aac)$/],
  ['film', /^(?:mp4|mov|webm|mkv|avi|m4v)$/],
  ['image', /^(?:jpe?g|png|gif|webp|heic|avif|tiff?|bmp)$/],
];
export const signOf = (name: string): Sign => SIGNS.find(([, endings]) => endings.test(endingOf(name)))?.[0] ?? 'other';

/** Types a player is told, by the first bytes; never what a sender says. A document is none of them. */
export function playableType(bytes: Uint8Array, isVideo: boolean): string | undefined {
  const begins = (text: string, at = 0): boolean => [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
  if (begins('ftyp', 4)) return isVideo ? 'video/mp4' : 'audio/mp4';
  if (begins('\x1a\x45\xdf\xa3')) return isVideo ? 'video/webm' : 'audio/webm';
  if (begins('OggS')) return isVideo ? 'video/ogg' : 'audio/ogg';
  if (isVideo) return undefined;
  if (begins('RIFF') && begins('WAVE', 8)) return 'audio/wav';
  if (begins('fLaC')) return 'audio/flac';
  return begins('ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0) ? 'audio/mpeg' : undefined;
}
