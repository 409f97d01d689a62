/** For stewards: whether the posts of the hub go through a neighbour hub, and what that hides and what not. */
import { useTranslation } from 'react-i18next';
import { useAct, useLive, useOverview } from '../../app/session-context.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Problem } from '../../components/Problem.tsx';

const NONE = '';
const hostOf = (origin = NONE): string | undefined => (origin === NONE ? undefined : new URL(origin).host);

export function Posting() {
  const { t } = useTranslation();
  const { postsThrough } = useOverview();
  const offered = useLive('offered-neighbour', 'overview', async (session) => (await session.offeredNeighbour()) ?? NONE);
  const change = useAct((session) => session.setNeighbour(postsThrough === undefined ? offered.value : undefined));
  // Not asked yet, or nobody there to ask, is no answer.
  if (postsThrough === undefined && offered.value === undefined) return <Problem code={offered.failure} />;
  const host = postsThrough ?? hostOf(offered.value);
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
