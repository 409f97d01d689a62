/**
 * Names as eyes compare them. Letters of other scripts that are drawn like Latin ones become those, so that nobody goes by
 * somebody's name by writing it in Cyrillic; what is not drawn at all is left out. Too much said to be alike costs a
 * fingerprint beside a name, too little costs who somebody is.
 */

// Left: as it is written. Right: what it looks like. Upper and lower case by themselves: eta is drawn like H, or like n.
const PAIRS = [
  ['\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405\u04c0\u0417', 'ABEKMHOPCTYXIJSI3'],
  ['\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u04cf\u051b\u051d\u043a', 'aeopcyxijsdhlqwk'],
  ['\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7', 'ABEZHIKMNOPTYX'],
  ['\u03b1\u03b3\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u03f2', 'ayikvopuc'],
  ['\u0131\u0261\u0251\u06cc\u0649\u06a9', 'iga\u064a\u064a\u0643'],
] as const;
const ALIKE = new Map(PAIRS.flatMap(([written, looks]) => [...written].map((letter, index) => [letter, [...looks][index] ?? letter])));

/** Not drawn, or as a gap. */
const UNDRAWN = /[\p{Default_Ignorable_Code_Point}\u2800\u0640]/gu;

/** @returns the same for two names that a person could take for one another */
export function asSeen(name: string): string {
  const letters = [...name.normalize('NFKC').replace(UNDRAWN, '')].map((letter) => ALIKE.get(letter) ?? letter).join('');
  return letters
    // A capital i within a word is drawn like a small l; at its beginning the two cannot be told by their case.
    .replace(/(?<=\p{Ll})I|(?<=\p{L})I(?=\p{Ll})/gu, 'l')
    .replace(/(?<=\p{L})0|0(?=\p{L})/gu, 'o')
    .replace(/(?<=\p{L})[1|]|[1|](?=\p{L})/gu, 'l')
    .toLowerCase().replace(/(?<![\p{L}\p{N}])[il]/gu, 'l').replace(/\s+/gu, ' ').trim();
}

/** Whether anything of it is drawn. */
export const isSeen = (name: string): boolean => name.replace(UNDRAWN, '').trim() !== '';
