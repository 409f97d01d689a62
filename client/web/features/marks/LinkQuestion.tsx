/** Where a link really leads, before it is opened. */
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';
import { placeOf, type LinkDoubt } from './links.ts';
import type { Link } from './nodes.ts';

interface Props {
  readonly link: Link;
  readonly doubt: LinkDoubt;
  readonly onClose: () => void;
}

export function LinkQuestion({ link, doubt, onClose }: Props) {
  const { t } = useTranslation();
  const place = placeOf(link.target);
  const open = () => {
    window.open(link.target, '_blank', 'noopener,noreferrer');
    onClose();
  };
  return (
    <Modal title={t('timeline.linkTitle')} open onClose={onClose} grave>
      <p>
        {doubt === 'outside' ? (
          <Sentence text={t('timeline.linkOutside', gaps('place'))} parts={{ place: <bdi className="link-place">{place}</bdi> }} />
        ) : doubt === 'other-place' ? (
          <Sentence text={t('timeline.linkOther', gaps('text', 'place'))} parts={{ text: <bdi className="link-seen">{link.text}</bdi>, place: <bdi className="link-place">{place}</bdi> }} />
        ) : (
          <Sentence text={t('timeline.linkLetters', gaps('place'))} parts={{ place: <bdi className="link-place">{place}</bdi> }} />
        )}
      </p>
      <p className="link-whole" dir="ltr">
        {link.target}
      </p>
      <ModalButtons>
        <Button autoFocus onPress={onClose}>
          {t('timeline.linkStay')}
        </Button>
        <Button weight={doubt === 'outside' ? 'primary' : 'danger'} onPress={open}>
          {t('timeline.linkOpen')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
