/** What stood in an announcement before it was corrected, the newest first. */
import { useTranslation } from 'react-i18next';
import type { Announcement } from '#core/session/api.ts';
import { useLive } from '../../app/session-context.tsx';
import { fullTime } from '../../app/times.ts';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { Announced } from './Announced.tsx';
import '../talk/talk.css';

export function EarlierDialog({ of, boardName, onClose }: { readonly of: Announcement; readonly boardName: string; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const versions = useLive(`earlier-${of.id}`, 'announcements', (session) => session.versionsOf(of.board, of.id));
  return (
    <Modal title={t('boards.earlier')} open onClose={onClose}>
      <Problem code={versions.failure} />
      {versions.value === undefined && versions.failure === undefined ? <Spinner /> : null}
      <ol className="versions">
        {versions.value?.toReversed().map((version, index) => (
          <li key={index} className="version">
            <p className="version-at">{t('boards.until', { when: fullTime(version.until, i18n.language) })}</p>
            <Announced of={version.text} board={undefined} boardName={boardName} />
          </li>
        ))}
      </ol>
      <ModalButtons>
        <Button onPress={onClose}>{t('common.done')}</Button>
      </ModalButtons>
    </Modal>
  );
}
