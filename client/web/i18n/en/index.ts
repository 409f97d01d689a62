/** English, the language the others are translated from. One file for each part of the interface. */
import { first } from './first.ts';
import { rest } from './rest.ts';

export const en = { ...first, ...rest };
