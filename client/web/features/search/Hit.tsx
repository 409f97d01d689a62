/** One message that was found: who, where, when, and why. */
import { FileText } from 'lucide-react';
import { ListBoxItem } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SearchHit } from '#core/session/api.ts';
import { longDay, machineTime, shortTime, daysAgo, clock } from '../../app/times.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { Name } from '../../components/Name.tsx';
import { Marked, MarkedSnippet } from './Marked.tsx';

interface Props {
  readonly hit: SearchHit;
  /** Undefined where it goes without saying. */
  readonly room: string | undefined;
  readonly onOpen: () => void;
}

export const keyOf = ({ room, place }: SearchHit): string => `${room}/${place.seq}`;

export function Hit({ hit, room, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const { sender, snippet, file, fileMarks, at } = hit;
  const said = [file?.name, snippet?.text].filter((part) => part !== undefined).join(' ');
  return (
    <ListBoxItem id={keyOf(hit)} className="search-hit" textValue={t('search.said', { name: sender.name, text: said })} onAction={onOpen}>
      <Avatar id={sender.id} name={sender.name} size="s" />
      <div className="search-hit-words">
        <p className="search-hit-head">
          <span className="search-hit-name">
            <Name person={sender} />
          </span>
          {room === undefined ? null : (
            <span className="search-hit-room">
              <bdi>{room}</bdi>
              {hit.place.thread === undefined ? null : ` · ${t('search.inThread')}`}
            </span>
          )}
          <time dateTime={machineTime(at)} title={`${longDay(at, i18n.language)}, ${clock(at, i18n.language)}`}>
            {daysAgo(at) === 1 ? t('search.yesterday') : shortTime(at, i18n.language)}
          </time>
        </p>
        {file === undefined ? null : (
          <p className="search-hit-file" dir="auto">
            <FileText size={16} aria-hidden="true" />
            <bdi>
              <Marked text={file.name} marks={fileMarks} />
            </bdi>
          </p>
        )}
        {snippet === undefined ? null : (
          <p className="search-hit-text" dir="auto">
            <MarkedSnippet snippet={snippet} />
          </p>
        )}
      </div>
    </ListBoxItem>
  );
}
