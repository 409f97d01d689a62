/** A dialog above everything: a title, a body, and its buttons. Escape and a press outside close it. */
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal as AriaModal, ModalOverlay } from 'react-aria-components';
import './modal.css';

interface Props {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** For a question that must be answered: `alertdialog`, and no closing by a press outside. */
  readonly grave?: boolean;
}

export function Modal({ title, open, onClose, children, grave = false }: Props) {
  return (
    <ModalOverlay className="modal-scrim" isOpen={open} onOpenChange={(next) => next || onClose()} isDismissable={!grave}>
      <AriaModal className="modal">
        <Dialog className="modal-dialog" role={grave ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" className="modal-title">
            {title}
          </Heading>
          {children}
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}

export function ModalButtons({ children }: { readonly children: ReactNode }) {
  return <div className="modal-buttons">{children}</div>;
}
