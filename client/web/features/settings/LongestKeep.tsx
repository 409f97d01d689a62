/** A steward: how long messages stay at most, in every room of the hub. */
import { useTranslation } from 'react-i18next';
import { useAct, useLive } from '../../app/session-context.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Problem } from '../../components/Problem.tsx';
import { spanWords } from '../../i18n/spans.ts';
import { SPANS } from '../people/spans.ts';

export function LongestKeep() {
  const { t, i18n } = useTranslation();
  const keep = useLive('longest-keep', 'overview', (session) => session.longestKeep());
  const change = useAct((session, seconds: number) => session.setLongestKeep(seconds));
  if (keep.value === undefined) return <Problem code={keep.failure} />;
  const spans = [...new Set([...SPANS, keep.value])].sort((a, b) => a - b);
  return (
    <>
      <Choice
        label={t('roles.keep')}
        help={t('roles.keepHelp')}
        value={keep.value}
        options={spans.map((seconds) => ({ value: seconds, label: seconds === 0 ? t('roles.keepOff') : spanWords(seconds, i18n.language) }))}
        onChange={(seconds) => void (seconds !== keep.value && !change.pending && change.run(seconds))}
      />
      <Problem code={change.failure} />
    </>
  );
}
