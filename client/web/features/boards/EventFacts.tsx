/** When and where something takes place: the time there, and the reader's own where clocks differ. */
import { Clock, MapPin } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { EventText } from '#core/session/api.ts';
import { machineTime } from '../../app/times.ts';
import { useFollow } from '../marks/following.tsx';
import { targetOf } from '../marks/links.ts';
import { differsHere, ownZone, spanIn, zonePlace } from './zones.ts';

export function EventFacts({ event }: { readonly event: EventText }) {
  const { t, i18n } = useTranslation();
  const follow = useFollow();
  const { beginsAt, endsAt, zone, place, map } = event;
  const differs = differsHere(beginsAt, zone);
  const target = map.startsWith('https://') ? targetOf(map) : undefined;
  return (
    <div className="event-facts">
      <Clock size={19} aria-hidden="true" />
      <p>
        <span className="hidden-words">{t('boards.when')} </span>
        <time dateTime={machineTime(beginsAt)}>{spanIn(beginsAt, endsAt, zone, i18n.language)}</time>
        {differs ? (
          <>
            <span className="event-soft"> · {t('boards.zonePlaced', { place: zonePlace(zone) })}</span>
            <span className="event-here">{t('boards.yourTime', { time: spanIn(beginsAt, endsAt, ownZone(), i18n.language) })}</span>
          </>
        ) : null}
      </p>
      {place === '' && target === undefined ? null : (
        <>
          <MapPin size={19} aria-hidden="true" />
          <p>
            <span className="hidden-words">{t('boards.where')} </span>
            <bdi>{place}</bdi>
            {target === undefined ? null : (
              <Button className="event-map" onPress={() => follow({ kind: 'link', text: target, target }, 'outside')}>
                {t('boards.openMap')}
              </Button>
            )}
          </p>
        </>
      )}
    </div>
  );
}
