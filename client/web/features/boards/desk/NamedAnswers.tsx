/** Answers whose givers wanted the coordinators to know their name. */
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { Announcement, NamedAnswer } from '#core/session/api.ts';
import { Button } from '../../../components/Button.tsx';
import { Modal, ModalButtons } from '../../../components/Modal.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { Spinner } from '../../../components/Spinner.tsx';
import { useDesk } from './use-desk.ts';

export function NamedAnswers({ of, onClose }: { readonly of: Announcement; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { value, failure } = useDesk(`named-${of.id}`, of.board, (session) => session.namedAnswers(of.board, of.id));
  return (
    <Modal title={t('boards.namedAnswers')} open onClose={onClose}>
      <p className="modal-text">{t('boards.namedHelp')}</p>
      <Problem code={failure} />
      {value === undefined && failure === undefined ? <Spinner /> : null}
      {value?.length === 0 ? <p>{t('boards.namedNone')}</p> : null}
      <ul className="named">
        {value?.map((answer, index) => (
          <li key={index}>
            <bdi className="name">{answer.name}</bdi> <Said of={of} answer={answer} />
          </li>
        ))}
      </ul>
      <ModalButtons>
        <Button onPress={onClose}>{t('common.done')}</Button>
      </ModalButtons>
    </Modal>
  );
}

const COMING = { yes: 'boards.yes', maybe: 'boards.maybe', no: 'boards.no' } as const;

function Said({ of, answer }: { readonly of: Announcement; readonly answer: NamedAnswer }) {
  const { t } = useTranslation();
  const parts = [
    answer.coming === undefined ? undefined : t(COMING[answer.coming]),
    ...answer.shifts.map((index) => of.event?.shifts[index]?.name),
    ...answer.votes.map((index) => of.poll?.choices[index]),
  ].filter((part) => part !== undefined);
  return (
    <span className="desk-facts">
      {parts.map((part, index) => (
        <Fragment key={index}>
          {index === 0 ? null : ' · '}
          <bdi>{part}</bdi>
        </Fragment>
      ))}
    </span>
  );
}
