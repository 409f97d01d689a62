/** What this person chose for one room, on all their devices: what they hear of it, and what others see of them. */
import { useTranslation } from 'react-i18next';
import type { RoomChoices as Choices, RoomSummary } from '#core/session/api.ts';
import { useAct, useLive } from '../../app/session-context.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Problem } from '../../components/Problem.tsx';

export function RoomChoices({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const choices = useLive(`choices-${room.id}`, 'rooms', (session) => session.choices(room.id));
  const change = useAct(async (session, next: Partial<Choices>) => {
    await session.setChoices(room.id, next);
    choices.refresh();
  });
  if (!room.active || choices.value === undefined) return null;
  const { notify, typing, receipts } = choices.value;
  const shown = [{ value: 'on', label: t('people.shown') }, { value: 'off', label: t('people.notShown') }] as const;
  return (
    <section className="room-way" aria-label={t('people.choicesTitle')}>
      <h2 className="section-title">{t('people.choicesTitle')}</h2>
      <Choice
        label={t('people.notify')}
        value={notify}
        options={[{ value: 'all', label: t('people.notifyAll') }, { value: 'mentions', label: t('people.notifyMentions') }, { value: 'nothing', label: t('people.notifyNothing') }]}
        onChange={(value) => void change.run({ notify: value })}
      />
      <Choice label={t('people.typing')} value={typing ? 'on' : 'off'} options={shown} onChange={(value) => void change.run({ typing: value === 'on' })} />
      <Choice label={t('people.receipts')} help={t('people.receiptsHelp')} value={receipts ? 'on' : 'off'} options={shown} onChange={(value) => void change.run({ receipts: value === 'on' })} />
      <Problem code={change.failure} />
    </section>
  );
}
