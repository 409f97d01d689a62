/** Something small beside a message; on a phone, a sheet at the lower edge. */
import type { ReactNode } from 'react';
import { Dialog, Modal, ModalOverlay, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../../app/use-narrow.ts';
import './talk.css';

interface Props {
  readonly beside: Element | undefined;
  readonly own: boolean;
  readonly label: 'react' | 'more' | 'emoji';
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Beside({ beside, own, label, onClose, children }: Props) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const name = label === 'react' ? t('timeline.react') : label === 'emoji' ? t('composer.emoji') : t('timeline.more');
  const inside = (
    <Dialog className="beside" aria-label={name}>
      {children}
    </Dialog>
  );
  const change = (open: boolean) => open || onClose();
  if (narrow || !beside)
    return (
      <ModalOverlay className="modal-scrim" isOpen onOpenChange={change} isDismissable>
        <Modal className="modal sheet">{inside}</Modal>
      </ModalOverlay>
    );
  return (
    <Popover className="popover" triggerRef={{ current: beside.querySelector('.message-said') ?? beside }} isOpen onOpenChange={change} placement={own ? 'bottom end' : 'bottom start'} offset={4}>
      {inside}
    </Popover>
  );
}
