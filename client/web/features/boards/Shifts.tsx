/** Shifts of an event, each with its time and the places that are left as far as anybody has counted. */
import { Check } from 'lucide-react';
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { EventText, ShiftText, Totals } from '#core/session/api.ts';
import { placesLeft, toggled } from './answering.ts';
import { dayIn, hoursIn, sameDay } from './zones.ts';

interface Props {
  readonly event: EventText;
  readonly totals: Totals | undefined;
  readonly mine: readonly number[];
  /** What the coordinators have from this reader already: these places are theirs. */
  readonly held: readonly number[];
  readonly full: readonly number[];
  readonly onChange: (shifts: readonly number[]) => void;
}

export function Shifts({ event, totals, mine, held, full, onChange }: Props) {
  const { t } = useTranslation();
  const change = (chosen: readonly string[]): void => onChange(event.shifts.map((_, index) => index).filter((index) => chosen.includes(String(index))).reduce<readonly number[]>((list, one) => toggled(list, one, true), []));
  return (
    <CheckboxGroup className="answer-list" value={mine.map(String)} onChange={change}>
      <Label className="field-label">{t('boards.shifts')}</Label>
      {event.shifts.map((shift, index) => {
        const left = placesLeft(shift.capacity, totals?.taken[index]);
        const none = left === 0 && !held.includes(index);
        return (
          <Checkbox key={index} value={String(index)} className="tick answer-option" isDisabled={none}>
            <span className="tick-box">{mine.includes(index) ? <Check size={15} strokeWidth={3} /> : null}</span>
            <ShiftWords shift={shift} event={event} left={left} missed={full.includes(index)} />
          </Checkbox>
        );
      })}
    </CheckboxGroup>
  );
}

function ShiftWords({ shift, event, left, missed }: { readonly shift: ShiftText; readonly event: EventText; readonly left: number | undefined; readonly missed: boolean }) {
  const { t, i18n } = useTranslation();
  return (
    <span className="answer-words">
      <bdi>{shift.name}</bdi>
      <span className="answer-soft">
        {shift.beginsAt === 0 || sameDay(shift.beginsAt, event.beginsAt, event.zone) ? null : <span>{dayIn(shift.beginsAt, event.zone, i18n.language)}</span>}
        {shift.beginsAt === 0 ? null : <span>{hoursIn(shift.beginsAt, shift.endsAt, event.zone, i18n.language)}</span>}
        {left === undefined ? shift.capacity === 0 ? null : <span>{t('boards.places', { count: shift.capacity })}</span> : <span>{left === 0 ? t('boards.full') : t('boards.placesLeft', { count: left })}</span>}
        {missed ? <span>{t('boards.wasFull')}</span> : null}
      </span>
    </span>
  );
}
