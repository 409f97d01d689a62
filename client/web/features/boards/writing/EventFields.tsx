/** When and where something takes place, and who does what there. */
import { Plus, X } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { EventText, ShiftText } from '#core/session/api.ts';
import { Button, IconButton } from '../../../components/Button.tsx';
import { Field } from '../../../components/Field.tsx';
import { SelectField } from '../../../components/SelectField.tsx';
import { Tick } from '../../../components/Tick.tsx';
import { LONGEST_MAP, LONGEST_PLACE, LONGEST_SHIFT, MOST_PLACES, MOST_SHIFTS } from '../limits.ts';
import { fieldsAt, momentOf } from '../zones.ts';
import { emptyShift } from './text.ts';
import { TimeField } from './TimeField.tsx';

interface Props {
  readonly event: EventText;
  readonly onChange: (event: EventText) => void;
}

export function EventFields({ event, onChange }: Props) {
  const { t } = useTranslation();
  const { zone, shifts } = event;
  const zones = useMemo(() => [...new Set([zone, ...Intl.supportedValuesOf('timeZone')])].map((value) => ({ value, label: value.replaceAll('_', ' ') })), [zone]);
  const change = (what: Partial<EventText>): void => onChange({ ...event, ...what });
  /** Clocks are to show the same there as they did here. */
  const move = (next: string): void => {
    const moved = (at: number): number => {
      const { day, hour } = fieldsAt(at, zone);
      return momentOf(day, hour, next);
    };
    const both = <T extends { readonly beginsAt: number; readonly endsAt: number }>(span: T): T => ({ ...span, beginsAt: moved(span.beginsAt), endsAt: moved(span.endsAt) });
    onChange({ ...both(event), zone: next, shifts: shifts.map(both) });
  };
  const changeShift = (index: number, what: Partial<ShiftText>): void => change({ shifts: shifts.map((shift, at) => (at === index ? { ...shift, ...what } : shift)) });
  return (
    <>
      <TimeField key={`begin ${zone}`} label={t('boards.begins')} at={event.beginsAt} zone={zone} onChange={(beginsAt) => change({ beginsAt })} />
      <TimeField key={`end ${zone}`} label={t('boards.ends')} help={t('boards.endsHelp')} at={event.endsAt} zone={zone} onChange={(endsAt) => change({ endsAt })} />
      <SelectField label={t('boards.zone')} help={t('boards.zoneHelp')} value={zone} options={zones} onChange={move} />
      <Field label={t('boards.place')} value={event.place} onChange={(place) => change({ place })} maxLength={LONGEST_PLACE} autoComplete="off" />
      <Field label={t('boards.map')} help={t('boards.mapHelp')} placeholder="https://" value={event.map} onChange={(map) => change({ map })} maxLength={LONGEST_MAP} inputMode="url" autoComplete="off" />
      <Tick checked={event.answers} onChange={(answers) => change({ answers })}>
        {t('boards.askComing')}
      </Tick>
      {shifts.map((shift, index) => (
        <ShiftFields key={index} shift={shift} number={index + 1} zone={zone} onChange={(what) => changeShift(index, what)} onRemove={() => change({ shifts: shifts.filter((_, at) => at !== index) })} />
      ))}
      {shifts.length < MOST_SHIFTS ? (
        <Button icon={<Plus size={18} />} onPress={() => change({ shifts: [...shifts, { ...emptyShift, beginsAt: event.beginsAt, endsAt: event.endsAt }] })}>
          {t('boards.addShift')}
        </Button>
      ) : null}
    </>
  );
}

interface ShiftProps {
  readonly shift: ShiftText;
  readonly number: number;
  readonly zone: string;
  readonly onChange: (what: Partial<ShiftText>) => void;
  readonly onRemove: () => void;
}

function ShiftFields({ shift, number, zone, onChange, onRemove }: ShiftProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="writing-shift">
      <legend className="field-label">{t('boards.shiftNumber', { number })}</legend>
      <span className="writing-remove">
        <IconButton label={t('boards.removeShift', { number })} onPress={onRemove}>
          <X size={18} />
        </IconButton>
      </span>
      <Field label={t('boards.shiftName')} value={shift.name} onChange={(name) => onChange({ name })} maxLength={LONGEST_SHIFT} autoComplete="off" />
      <TimeField key={`begin ${zone}`} label={t('boards.begins')} at={shift.beginsAt} zone={zone} onChange={(beginsAt) => onChange({ beginsAt })} />
      <TimeField key={`end ${zone}`} label={t('boards.ends')} at={shift.endsAt} zone={zone} onChange={(endsAt) => onChange({ endsAt })} />
      <Field
        label={t('boards.capacity')}
        help={t('boards.capacityHelp')}
        value={shift.capacity === 0 ? '' : String(shift.capacity)}
        inputMode="numeric"
        autoComplete="off"
        onChange={(typed) => onChange({ capacity: Math.min(MOST_PLACES, Number(typed.replaceAll(/\D/g, '').slice(0, 5))) })}
      />
    </fieldset>
  );
}
