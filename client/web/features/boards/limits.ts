/** How much an announcement may say: as the rules of the domain have it, which come with more than a form needs. */
export const LONGEST_TITLE = 200;
export const LONGEST_BODY = 12_000;
export const LONGEST_NOTE = 300;
export const LONGEST_CHOICE = 200;
export const LONGEST_SHIFT = 100;
export const LONGEST_PLACE = 300;
export const LONGEST_MAP = 500;
export const MOST_WORDINGS = 12;
export const MOST_FILES = 10;
export const MOST_SHIFTS = 40;
export const MOST_CHOICES = 12;
export const MOST_PLACES = 2_000;
