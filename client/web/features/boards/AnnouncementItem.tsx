/** One announcement in the list: enough of it to know whether to open it. */
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Announcement, EventText } from '#core/session/api.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { machineTime, shortTime } from '../../app/times.ts';
import { gaps, Sentence } from '../../components/Sentence.tsx';
import { directionOf } from '../../i18n/direction.ts';
import { plainWords } from '../marks/plain-words.ts';
import { Signs } from './Signs.tsx';
import { spokenHere, wordingFor } from './wordings.ts';
import { differsHere, leafOf, shortIn, zonePlace } from './zones.ts';

interface Props {
  readonly of: Announcement;
  readonly boardName: string;
}

export function AnnouncementItem({ of, boardName }: Props) {
  const { t, i18n } = useTranslation();
  const { open } = useNavigation();
  const { withdrawn, expired, event } = of;
  const wording = wordingFor(of.wordings, spokenHere(i18n.language));
  const title = <bdi lang={wording?.language}>{wording?.title}</bdi>;
  const go = () => open({ screen: 'announcement', board: of.board, id: of.id });
  if (withdrawn !== undefined)
    return (
      <li>
        <Button className="news-item news-line" data-testid="announcement" data-id={of.id} data-state="withdrawn" onPress={go}>
          <span className="news-gone">
            <Sentence text={t('boards.withdrawnLine', gaps('title'))} parts={{ title }} />
          </span>
          <time className="news-time">{shortTime(withdrawn.at, i18n.language)}</time>
        </Button>
      </li>
    );
  return (
    <li>
      <Button className="news-item" data-testid="announcement" data-id={of.id} data-state={expired ? 'expired' : undefined} data-unread={!of.read} onPress={go}>
        <span className="news-about">
          {of.read ? null : <span className="news-new">{t('boards.new')}</span>}
          <bdi className="news-board">{boardName}</bdi>
          {of.bot === undefined ? null : <span className="news-bot">{t('boards.byProgram', { name: of.bot })}</span>}
          <time className="news-time" dateTime={machineTime(of.sentAt)}>
            {shortTime(of.sentAt, i18n.language)}
          </time>
        </span>
        <span className="news-title" dir={directionOf(wording?.title ?? '')}>
          {title}
        </span>
        {event === undefined ? null : <When event={event} />}
        <span className="news-words" dir={directionOf(wording?.body ?? '')} lang={wording?.language}>
          {plainWords(wording?.body ?? '')}
        </span>
        <Signs of={{ ...of, event: undefined }} />
      </Button>
    </li>
  );
}

function When({ event: { beginsAt, zone } }: { readonly event: EventText }) {
  const { t, i18n } = useTranslation();
  return (
    <span className="news-when">
      {shortIn(beginsAt, zone, i18n.language)}
      {differsHere(beginsAt, zone) ? ` (${t('boards.zonePlaced', { place: zonePlace(zone) })})` : null}
    </span>
  );
}

/** An event that is to come, with its day as on a leaf of a calendar. */
export function ComingItem({ of, boardName }: Props) {
  const { i18n } = useTranslation();
  const { open } = useNavigation();
  if (of.event === undefined) return null;
  const { beginsAt, zone, place } = of.event;
  const wording = wordingFor(of.wordings, spokenHere(i18n.language));
  const { month, day } = leafOf(beginsAt, zone, i18n.language);
  return (
    <li>
      <Button className="news-item coming-item" data-testid="coming" onPress={() => open({ screen: 'announcement', board: of.board, id: of.id })}>
        <span className="coming-leaf" aria-hidden="true">
          <span>{month}</span>
          <strong>{day}</strong>
        </span>
        <span className="coming-words">
          <span className="news-title" dir={directionOf(wording?.title ?? '')} lang={wording?.language}>
            <bdi>{wording?.title}</bdi>
          </span>
          <When event={of.event} />
          <span className="news-place">
            <bdi>{place === '' ? boardName : place}</bdi>
          </span>
        </span>
      </Button>
    </li>
  );
}
