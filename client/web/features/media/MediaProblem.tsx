/** Why a picture, a sound or a video is not shown, and what can be done: the sentence that fits, and saving what there is. */
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId, SessionFailureCode } from '#core/session/api.ts';
import { longDay } from '../../app/times.ts';
import { Button } from '../../components/Button.tsx';
import { Problem } from '../../components/Problem.tsx';
import { saveAs } from '../files/save-as.ts';

interface Props {
  readonly item: MessageItem;
  readonly room: RoomId;
  readonly failure: SessionFailureCode | undefined;
  /** It came, and is nothing that can be shown. */
  readonly unshowable?: boolean;
  readonly bytes?: Blob | undefined;
}

export function MediaProblem({ item, failure, unshowable = false, bytes }: Props) {
  const { t, i18n } = useTranslation();
  if (failure === 'file-gone')
    return (
      <p className="media-note" role="status" data-code="file-gone">
        {item.file?.until === undefined ? t('media.gone') : t('media.goneSince', { day: longDay(item.file.until, i18n.language) })}
      </p>
    );
  if (failure !== undefined) return failure === 'cancelled' || failure === 'locked' ? null : <Problem code={failure} />;
  if (!unshowable) return null;
  return (
    <div className="media-note" role="status">
      <p>{t('media.unshowable')}</p>
      {bytes === undefined ? null : (
        <Button weight="plain" icon={<Download size={16} />} onPress={() => saveAs(bytes, item.file?.name ?? 'file')}>
          {t('files.save')}
        </Button>
      )}
    </div>
  );
}
