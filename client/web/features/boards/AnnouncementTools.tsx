/** What one may do with an announcement: bring it to a room, put it on paper, or into a calendar. */
import { CalendarPlus, Forward, Printer } from 'lucide-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Announcement } from '#core/session/api.ts';
import { IconButton } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { saveAs } from '../files/save-as.ts';
import { toCalendar } from './calendar.ts';

const ShareDialog = lazy(async () => ({ default: (await import('./ShareDialog.tsx')).ShareDialog }));

export function AnnouncementTools({ of, boardName }: { readonly of: Announcement; readonly boardName: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const [sharing, setSharing] = useState(false);
  const toFile = async () => {
    try {
      if (toCalendar) saveAs(await toCalendar(of), 'event.ics');
    } catch {
      say(t('failure.internal'), 'danger');
    }
  };
  return (
    <>
      {of.event === undefined || toCalendar === undefined ? null : (
        <IconButton label={t('boards.toCalendar')} onPress={() => void toFile()}>
          <CalendarPlus size={20} />
        </IconButton>
      )}
      <IconButton label={t('boards.print')} onPress={() => window.print()}>
        <Printer size={20} />
      </IconButton>
      <IconButton label={t('boards.share')} onPress={() => setSharing(true)}>
        <Forward size={20} className="turn-rtl" />
      </IconButton>
      <Later over>{sharing ? <ShareDialog of={of} boardName={boardName} onClose={() => setSharing(false)} /> : null}</Later>
    </>
  );
}
