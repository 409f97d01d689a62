/** Somebody at the door. The words are compared by two people; only then does the button let them in. */
import { ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JoinRequest, MemberId } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Name } from '../../components/Name.tsx';
import { Phrase } from '../../components/Phrase.tsx';
import { Problem } from '../../components/Problem.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';
import { Tick } from '../../components/Tick.tsx';
import { useSay } from '../../components/Toasts.tsx';

export function RequestCard({ request }: { readonly request: JoinRequest }) {
  const { t } = useTranslation();
  const say = useSay();
  const { id, name, phrase, contested, returning, perhaps } = request;
  const [sure, setSure] = useState(false);
  const [differing, setDiffering] = useState(false);
  const [as, setAs] = useState<MemberId>();
  const admit = useAct((session) => (as === undefined ? session.admit(id, phrase.join(' ')) : session.admit(id, phrase.join(' '), as)));
  const match = async () => {
    if ((await admit.run()) === 'done') say(returning === undefined && as === undefined ? t('invite.admitted', { name }) : t('invite.returned', { name: returning?.name ?? name }));
  };
  return (
    <li className="card request" data-testid="request" data-name={name}>
      <div className="request-head">
        <Avatar id={id} name={name} />
        <bdi className="name">{name}</bdi>
      </div>
      {returning === undefined ? null : (
        <p data-testid="returning">
          <Sentence text={t('invite.returning', gaps('name'))} parts={{ name: <Name person={returning} /> }} />
        </p>
      )}
      {contested ? (
        <p className="request-contested" role="alert">
          <ShieldAlert size={18} aria-hidden="true" />
          <span>{t('invite.contested', { name })}</span>
        </p>
      ) : null}
      <p>{t('invite.compare', { name })}</p>
      <Phrase words={phrase} label={t('invite.phraseLabel', { name })} />
      {contested ? (
        <Tick checked={sure} onChange={setSure}>
          {t('invite.contestedTick', { name })}
        </Tick>
      ) : null}
      {perhaps.map((person) => (
        <Tick key={person.id} checked={as === person.id} onChange={(on) => setAs(on ? person.id : undefined)}>
          {t('invite.again', { name: person.name, fingerprint: person.fingerprint })}
        </Tick>
      ))}
      <Problem code={admit.failure} />
      <div className="request-buttons">
        <Button weight="primary" isPending={admit.pending} isDisabled={contested && !sure} onPress={() => void match()}>
          {admit.pending ? t('invite.admitting', { name }) : t('invite.match')}
        </Button>
        <Button isDisabled={admit.pending} onPress={() => setDiffering(true)}>
          {t('invite.differ')}
        </Button>
      </div>
      <Differ request={request} open={differing} onClose={() => setDiffering(false)} />
    </li>
  );
}

function Differ({ request, open, onClose }: { readonly request: JoinRequest; readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const { id, name } = request;
  const refuse = useAct((session) => session.refuse(id));
  const press = async () => {
    if ((await refuse.run()) === 'done') say(t('invite.refusedDone', { name }));
  };
  return (
    <Modal title={t('invite.differTitle')} open={open} onClose={onClose} grave>
      <p className="modal-text">{t('invite.differBody', { name })}</p>
      <Problem code={refuse.failure} />
      <ModalButtons>
        <Button onPress={onClose} autoFocus>
          {t('common.cancel')}
        </Button>
        <Button weight="danger" isPending={refuse.pending} onPress={() => void press()}>
          {t('invite.differConfirm')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
