import { marked } from './blocks.ts';
import type { Block, Inline, Named } from './nodes.ts';

const MOST = 300;

/** The beginning of a text on one line, without its marks: for quotes and lists. */
export function plainWords(text: string, mentions: readonly Named[] = []): string {
  return marked(text.slice(0, MOST), mentions).map(words).join(' ').replace(/\s+/gu, ' ').trim();
}
function words(block: Block): string {
  switch (block.kind) {
    case 'lines':
      return block.lines.map(line).join(' ');
    case 'code':
      return block.text;
    case 'quote':
      return block.inside.map(words).join(' ');
    case 'list':
      return block.items.map(line).join(', ');
  }
}
const line = (nodes: readonly Inline[]): string => nodes.map((node) => ('inside' in node ? line(node.inside) : node.kind === 'mention' ? `@${node.person?.name ?? ''}` : node.text)).join('');
