/** A first name for this device that needs no list of products: what kind of thing it is. */
export type Kind = 'devices.guessPhone' | 'devices.guessTablet' | 'devices.guessComputer';

export function guessKind({ touch, width, height }: { readonly touch: boolean; readonly width: number; readonly height: number }): Kind {
  if (!touch) return 'devices.guessComputer';
  return Math.min(width, height) < 600 ? 'devices.guessPhone' : 'devices.guessTablet';
}

export const thisKind = (): Kind => guessKind({ touch: matchMedia('(pointer: coarse)').matches, width: screen.width, height: screen.height });
