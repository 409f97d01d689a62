/** Rules of the composer. Pure. */

/** Characters a message may hold, as the content format says. */
export const MOST_CHARACTERS = 16_000;

/** How many characters too many; 0 when it fits. */
export const charactersOver = (text: string): number => Math.max(0, text.trim().length - MOST_CHARACTERS);

interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  /** An input method is still choosing: its Enter is not ours. */
  readonly isComposing: boolean;
}

/** On a touch keyboard Enter is a new line, since Shift is far away and the button is near. */
export const sendsOn = ({ key, shiftKey, isComposing }: Pressed, touch: boolean): boolean =>
  key === 'Enter' && !shiftKey && !isComposing && !touch;
