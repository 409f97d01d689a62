import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { useLive } from '../../app/session-context.tsx';
import { fullTime } from '../../app/times.ts';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { MarkedText } from '../marks/MarkedText.tsx';
import './talk.css';

/** What an edited message said, newest first. */
export function HistoryDialog({ room, item, onClose }: { readonly room: RoomId; readonly item: MessageItem; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const place = item.place;
  const versions = useLive(`versions-${item.id}`, 'messages', async (session) => (place === undefined ? [] : session.versions(room, place)));
  const newestFirst = versions.value?.toSorted((a, b) => b.at - a.at);
  return (
    <Modal title={t('timeline.historyTitle')} open onClose={onClose}>
      <Problem code={versions.failure} />
      {newestFirst === undefined && versions.failure === undefined ? <Spinner /> : null}
      <ol className="versions">
        {newestFirst?.map((version, index) => (
          <li key={index} className="version" data-testid="version">
            <p className="version-at">{index === 0 ? t('timeline.versionNow') : fullTime(version.at, i18n.language)}</p>
            <MarkedText text={version.text} mentions={version.mentions} />
          </li>
        ))}
      </ol>
      <ModalButtons>
        <Button onPress={onClose}>{t('common.done')}</Button>
      </ModalButtons>
    </Modal>
  );
}
