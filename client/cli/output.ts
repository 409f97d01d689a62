/** Standard output: one JSON object a line for scripts, calm lines for people. */
export interface Output {
  /** `object` is what a script gets; `line` is what a person reads. */
  say(object: Readonly<Record<string, unknown>>, line: string): void;
  /** For people only. */
  tell(line: string): void;
  /** For a script, or for a person. */
  readonly json: boolean;
}

export function outputTo(write: (text: string) => void, json: boolean): Output {
  return json
    ? { say: (object) => write(`${jsonLine(object)}\n`), tell: () => undefined, json }
    : { say: (_object, line) => write(`${line}\n`), tell: (line) => write(`${line}\n`), json };
}

/** JSON leaves the C1 controls and the Unicode line ends as they are; some terminals act on the first, some readers of
 *  lines break at the second. */
export const jsonLine = (object: unknown): string =>
  JSON.stringify(object).replace(/[\u007f-\u009f\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Text from somebody else, made harmless for a terminal: no control sequences, nothing that turns the line around. */
export const plain = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (sign) => (sign === '\t' ? ' ' : '\ufffd'));

/** The same on one line, for names. */
export const plainLine = (text: string): string => plain(text).replace(/\n/g, ' ');

/** Lines after the first stand indented, so that a message cannot pass itself off as another one. */
export const plainBlock = (text: string): string => plain(text).replace(/\n/g, '\n    ');
