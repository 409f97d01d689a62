/**
 * A sentence of the catalogue with nodes in its gaps. Names go in as nodes and never through a parser, so a display
 * name that looks like markup or like another gap stays what it is: text.
 */
import { Fragment, type ReactNode } from 'react';

const MARK = '\uE000';

/** Values for the gaps that `t` fills: each gap becomes its own name between marks. */
export const gaps = <const Name extends string>(...names: readonly Name[]): Record<Name, string> =>
  Object.fromEntries(names.map((name) => [name, `${MARK}${name}${MARK}`])) as Record<Name, string>;

/** Cuts a filled sentence at its marks: even places are words, odd places are gap names. */
export const cut = (sentence: string): readonly string[] => sentence.split(MARK);

export function Sentence({ text, parts }: { readonly text: string; readonly parts: Readonly<Record<string, ReactNode>> }) {
  return cut(text).map((piece, index) => <Fragment key={index}>{index % 2 === 0 ? piece : parts[piece]}</Fragment>);
}
