/** For stewards: whether the posts of the hub go through a neighbour hub, and what that hides and what not. */
import { useTranslation } from 'react-i18next';
import { useAct, useLive, useOverview } from '../../app/session-context.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Problem } from '../../components/Problem.tsx';

export function Posting() {
  const { t } = useTranslation();
  const { postsThrough } = useOverview();
  const offered = useLive('offered-neighbour', 'overview', (session) => session.offeredNeighbour());
  const change = useAct((session) => session.setNeighbour(postsThrough === undefined ? offered.value : undefined));
  const host = postsThrough ?? (offered.value === undefined ? undefined : new URL(offered.value).host);
  if (host === undefined) return <p className="settings-help">{t('settings.neighbourNone')}</p>;
  const value = postsThrough === undefined ? 'straight' : 'through';
  const options = [{ value: 'through', label: t('settings.neighbourOn', { host }) }, { value: 'straight', label: t('settings.neighbourOff') }] as const;
  const pick = (picked: 'straight' | 'through') => {
    if (picked !== value && !change.pending) void change.run();
  };
  return (
    <>
      <Choice label={t('settings.neighbour')} help={t('settings.neighbourHelp')} value={value} options={options} onChange={pick} />
      <Problem code={change.failure} />
    </>
  );
}
