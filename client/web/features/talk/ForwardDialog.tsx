/** Which rooms a message is brought to. Nobody learns where it came from, only that it was written elsewhere. */
import { useState } from 'react';
import { Checkbox, CheckboxGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { useAct, useRooms } from '../../app/session-context.tsx';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { QuoteWords } from '../timeline/QuoteLine.tsx';
import './talk.css';

export function ForwardDialog({ room, item, onClose }: { readonly room: RoomId; readonly item: MessageItem; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const rooms = (useRooms().value ?? []).filter((known) => known.active && known.mayWrite);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const place = item.place;
  const forward = useAct(async (session) => place && session.forward(room, place, chosen));
  const press = async () => {
    if ((await forward.run()) !== 'done') return;
    say(t('timeline.forwardedTo', { count: chosen.length }));
    onClose();
  };
  return (
    <Modal title={t('timeline.forwardTitle')} open onClose={onClose}>
      <p className="forward-what">
        <QuoteWords quote={item} />
      </p>
      <CheckboxGroup className="forward-rooms" aria-label={t('rooms.title')} value={[...chosen]} onChange={setChosen}>
        {rooms.map((known) => (
          <Checkbox key={known.id} value={known.id} className="forward-room">
            <Avatar id={known.id} name={known.name} size="s" />
            <bdi>{known.name}</bdi>
            <span className="check" aria-hidden="true" />
          </Checkbox>
        ))}
      </CheckboxGroup>
      <p className="modal-text">{t('timeline.forwardHelp')}</p>
      <Problem code={forward.failure} />
      <ModalButtons>
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button weight="primary" isDisabled={chosen.length === 0} isPending={forward.pending} onPress={() => void press()}>
          {t('timeline.forward')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
