/** Numbers of those who answered: never who. */
import { useTranslation } from 'react-i18next';
import type { AnnouncementText, Totals } from '#core/session/api.ts';
import './announced.css';

export function TotalsView({ of, totals }: { readonly of: AnnouncementText; readonly totals: Totals }) {
  const { t, i18n } = useTranslation();
  const number = (value: number): string => new Intl.NumberFormat(i18n.language).format(value);
  return (
    <div className="totals" data-testid="totals">
      {of.event?.answers === true ? (
        <dl className="totals-row">
          <Fact name={t('boards.yes')} value={number(totals.coming)} />
          <Fact name={t('boards.maybe')} value={number(totals.maybe)} />
          <Fact name={t('boards.no')} value={number(totals.notComing)} />
        </dl>
      ) : null}
      {of.event !== undefined && of.event.shifts.length > 0 ? (
        <dl className="totals-list">
          {of.event.shifts.map((shift, index) => (
            <Bar key={index} name={shift.name} value={totals.taken[index] ?? 0} of={shift.capacity} shown={shift.capacity === 0 ? number(totals.taken[index] ?? 0) : t('boards.takenOf', { taken: number(totals.taken[index] ?? 0), capacity: number(shift.capacity) })} />
          ))}
        </dl>
      ) : null}
      {of.poll === undefined ? null : (
        <div className="totals-poll">
          <p className="field-label">
            <bdi>{of.poll.question}</bdi>
          </p>
          <dl className="totals-list">
            {of.poll.choices.map((choice, index) => (
              <Bar key={index} name={choice} value={totals.chosen[index] ?? 0} of={totals.voters} shown={number(totals.chosen[index] ?? 0)} />
            ))}
          </dl>
          <p className="answers-note">{t('boards.voters', { count: totals.voters })}</p>
        </div>
      )}
      {of.acknowledge ? <p className="answers-note">{t('boards.acknowledgedBy', { count: totals.acknowledged })}</p> : null}
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** @param props.of what would fill the line; 0: there is none */
function Bar({ name, value, of, shown }: { readonly name: string; readonly value: number; readonly of: number; readonly shown: string }) {
  return (
    <div className="totals-bar">
      <dt>
        <bdi>{name}</bdi>
      </dt>
      <dd>{shown}</dd>
      {of === 0 ? null : <span className="totals-line" aria-hidden="true" style={{ '--share': Math.min(1, value / of) } as React.CSSProperties} />}
    </div>
  );
}
