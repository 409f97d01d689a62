/** A text with light marks as nodes. Nothing a person typed is ever read as markup by anything but marked(). */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#core/session/api.ts';
import { directionOf } from '../../i18n/direction.ts';
import { marked } from './blocks.ts';
import { useFollow } from './following.tsx';
import { doubtAbout } from './links.ts';
import type { Block, Inline, Line, Link, Named } from './nodes.ts';
import './marks.css';

interface Props {
  readonly text: string;
  readonly mentions?: readonly Named[];
}

export function MarkedText({ text, mentions }: Props) {
  const blocks = useMemo(() => marked(text, mentions), [text, mentions]);
  return (
    <div className="marked" data-testid="message-text" data-large={isFewEmoji(text) || undefined}>
      <Blocks blocks={blocks} />
    </div>
  );
}

function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return blocks.map((block, index) => {
    switch (block.kind) {
      case 'lines':
        return <Lines key={index} lines={block.lines} />;
      case 'code':
        return (
          <pre key={index} className="marked-block-code" dir="ltr" tabIndex={0}>
            <code>{block.text}</code>
          </pre>
        );
      case 'quote':
        return (
          <blockquote key={index} className="marked-quote" dir={directionOf(wordsIn(block.inside))}>
            <Blocks blocks={block.inside} />
          </blockquote>
        );
      case 'list': {
        const items = block.items.map((item, place) => (
          <li key={place} dir="auto">
            <Nodes nodes={item} />
          </li>
        ));
        return block.from === undefined ? <ul key={index} className="marked-list">{items}</ul> : <ol key={index} className="marked-list" start={block.from}>{items}</ol>;
      }
    }
  });
}

/** Enough of what stands in blocks to see which way they run. */
const wordsIn = (blocks: readonly Block[]): string =>
  blocks.map((block) => {
    if (block.kind === 'quote') return wordsIn(block.inside);
    return block.kind === 'code' ? '' : (block.kind === 'lines' ? block.lines : block.items).map((line) => line.map(wordOf).join('')).join(' ');
  }).join(' ');
const wordOf = (node: Inline): string => {
  if (node.kind === 'mention') return '';
  return 'inside' in node ? node.inside.map(wordOf).join('') : node.kind === 'code' ? '' : node.text;
};

/** The ends of lines stay what they were sent as, so that what is copied is what was written. */
function Lines({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <p className="message-text" dir="auto">
      {lines.map((line, index) => (
        <span key={index}>
          {index === 0 ? null : '\n'}
          <Nodes nodes={line} />
        </span>
      ))}
    </p>
  );
}

function Nodes({ nodes }: { readonly nodes: readonly Inline[] }) {
  return nodes.map((node, index) => {
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'bold':
        return <strong key={index}><Nodes nodes={node.inside} /></strong>;
      case 'italic':
        return <em key={index}><Nodes nodes={node.inside} /></em>;
      case 'code':
        return <code key={index} className="marked-code" dir="ltr">{node.text}</code>;
      case 'link':
        return <Anchor key={index} link={node} />;
      case 'mention':
        return <MentionChip key={index} person={node.person} />;
    }
  });
}

/** Opens beside the app, without telling where it was followed from; asks first where it may not be what it looks like. */
function Anchor({ link }: { readonly link: Link }) {
  const follow = useFollow();
  const doubt = doubtAbout(link.text, link.target);
  return (
    <a
      href={link.target}
      target="_blank"
      rel="noreferrer noopener"
      dir="auto"
      title={link.text === link.target ? undefined : link.target}
      onClick={(event) => {
        if (doubt === undefined) return;
        event.preventDefault();
        follow(link, doubt);
      }}
      onAuxClick={(event) => doubt !== undefined && event.preventDefault()}
    >
      {link.text}
    </a>
  );
}

function MentionChip({ person }: { readonly person: Person | undefined }) {
  const { t } = useTranslation();
  return (
    <span className="mention" data-me={person === undefined || person.isMe}>
      @<bdi>{person?.name ?? t('timeline.everybody')}</bdi>
    </span>
  );
}

const EMOJI = /^(?:\p{Extended_Pictographic}|\p{RI}{2})/u;
/** Shown larger: there is nothing beside them to read. */
function isFewEmoji(text: string): boolean {
  if (text.length > 64 || !EMOJI.test(text)) return false;
  const signs = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text.replaceAll(/\s/gu, ''))];
  return signs.length <= 4 && signs.every(({ segment }) => EMOJI.test(segment));
}
