/** A calendar: the day to go to. */
import { CalendarDate, getLocalTimeZone, today } from '@internationalized/date';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button as Pressable, Calendar, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell, Heading } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { RoomId } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Modal } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useSay } from '../../components/Toasts.tsx';
import './day.css';

interface Props {
  readonly room: RoomId;
  /** Milliseconds since 1970, of the day one comes from. */
  readonly day: number;
  readonly onClose: () => void;
  readonly onDay: (seq: number) => void;
}

const calendarDay = (at: number): CalendarDate => {
  const date = new Date(at);
  return new CalendarDate(date.getFullYear(), date.getMonth() + 1, date.getDate());
};

export function DayDialog({ room, day, onClose, onDay }: Props) {
  const { t } = useTranslation();
  const say = useSay();
  const go = useAct(async (session, date: CalendarDate) => {
    const seq = await session.seqAt(room, date.toDate(getLocalTimeZone()).getTime());
    onClose();
    if (seq === undefined) say(t('timeline.dayNothing'));
    else onDay(seq);
  });
  return (
    <Modal title={t('timeline.dayTitle')} open onClose={onClose}>
      <Calendar className="calendar" aria-label={t('timeline.dayTitle')} defaultValue={calendarDay(day)} maxValue={today(getLocalTimeZone())} onChange={(date) => void go.run(date as CalendarDate)} isDisabled={go.pending} autoFocus>
        <header className="calendar-head">
          <Pressable slot="previous" className="icon-button icon-button-plain">
            <ChevronLeft size={20} className="turn-rtl" />
          </Pressable>
          <Heading className="calendar-month" />
          <Pressable slot="next" className="icon-button icon-button-plain">
            <ChevronRight size={20} className="turn-rtl" />
          </Pressable>
        </header>
        <CalendarGrid className="calendar-grid">
          <CalendarGridHeader>{(name) => <CalendarHeaderCell className="calendar-weekday">{name}</CalendarHeaderCell>}</CalendarGridHeader>
          <CalendarGridBody>{(date) => <CalendarCell date={date} className="calendar-day" />}</CalendarGridBody>
        </CalendarGrid>
      </Calendar>
      <Problem code={go.failure} />
    </Modal>
  );
}
