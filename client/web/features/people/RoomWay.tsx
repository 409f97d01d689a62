/** How a room sends: which way its posts go, and whether they leave together. */
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useAct, useOverview } from '../../app/session-context.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Problem } from '../../components/Problem.tsx';

export function RoomWay({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const { postsThrough, hubName = '' } = useOverview();
  const change = useAct((session) => session.setQuiet(room.id, !room.quiet));
  const options = [{ value: 'on', label: t('people.quietOn') }, { value: 'off', label: t('people.quietOff') }] as const;
  const value = room.quiet ? 'on' : 'off';
  const pick = (picked: 'on' | 'off') => {
    if (picked !== value && !change.pending) void change.run();
  };
  return (
    <section className="room-way" aria-label={t('people.wayTitle')}>
      <h2 className="section-title">{t('people.wayTitle')}</h2>
      <p data-testid="way">
        {postsThrough === undefined ? t('people.wayStraight') : t('people.wayThrough', { host: postsThrough, hub: hubName })}
      </p>
      {room.admin && room.active ? (
        <Choice label={t('people.quiet')} help={t('people.quietHelp')} value={value} options={options} onChange={pick} />
      ) : room.quiet ? (
        <p>{t('people.quietHelp')}</p>
      ) : null}
      <Problem code={change.failure} />
    </section>
  );
}
