/** What a text becomes for the screen: nodes, never HTML. */
import type { Mention, Person } from '#core/session/api.ts';

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic'; readonly inside: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | Link
  /** Without a person: everybody in the room. */
  | { readonly kind: 'mention'; readonly person: Person | undefined };

export interface Link {
  readonly kind: 'link';
  /** What is seen of it. */
  readonly text: string;
  /** An address with http, https or mailto, and no other. */
  readonly target: string;
}

/** Each line by itself: marks never reach over the end of a line. */
export type Line = readonly Inline[];

export type Block =
  | { readonly kind: 'lines'; readonly lines: readonly Line[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly inside: readonly Block[] }
  /** `from`: the first number; undefined: dots. */
  | { readonly kind: 'list'; readonly from: number | undefined; readonly items: readonly Line[] };

/** A stretch of a text: from `from` up to, and without, `to`. In UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
export type Named = Pick<Mention, 'start' | 'length' | 'person'>;
