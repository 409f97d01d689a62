/** The signs a person used last. In memory only: what somebody answers with is nobody's to find on a disk. */
const FIRST = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '✊'];
const MOST = 24;
let used: readonly string[] = [];

export function noteUsed(emoji: string): void {
  used = [emoji, ...used.filter((known) => known !== emoji)].slice(0, MOST);
}
/** Last one first, then those that most people use. */
export const usedEmoji = (): readonly string[] => [...used, ...FIRST.filter((emoji) => !used.includes(emoji))].slice(0, MOST);
export const forgetUsed = (): void => {
  used = [];
};
