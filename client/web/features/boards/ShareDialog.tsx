/** Brings the words of an announcement to rooms, as a message of whoever shares it. */
import { useState } from 'react';
import { Checkbox, CheckboxGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Announcement } from '#core/session/api.ts';
import { useAct, useRooms } from '../../app/session-context.tsx';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { MOST_CHARACTERS } from '../composer/writing.ts';
import { spokenHere, wordingFor } from './wordings.ts';
import { spanIn } from './zones.ts';
import '../talk/talk.css';

export function ShareDialog({ of, boardName, onClose }: { readonly of: Announcement; readonly boardName: string; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const say = useSay();
  const rooms = (useRooms().value ?? []).filter((room) => room.active && room.mayWrite);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const text = sharedText(of, boardName, i18n.language);
  const share = useAct(async (session) => {
    for (const room of chosen) await session.send(room, text);
  });
  const press = async () => {
    if ((await share.run()) !== 'done') return;
    say(t('boards.shared', { count: chosen.length }));
    onClose();
  };
  return (
    <Modal title={t('boards.shareTitle')} open onClose={onClose}>
      <p className="forward-what share-what" dir="auto">
        {wordingFor(of.wordings, spokenHere(i18n.language))?.title}
      </p>
      <CheckboxGroup className="forward-rooms" aria-label={t('rooms.title')} value={[...chosen]} onChange={setChosen}>
        {rooms.map((room) => (
          <Checkbox key={room.id} value={room.id} className="forward-room">
            <Avatar id={room.id} name={room.name} size="s" />
            <bdi>{room.name}</bdi>
            <span className="check" aria-hidden="true" />
          </Checkbox>
        ))}
      </CheckboxGroup>
      <p className="modal-text">{t('boards.shareHelp')}</p>
      <Problem code={share.failure} />
      <ModalButtons>
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button weight="primary" isDisabled={chosen.length === 0} isPending={share.pending} onPress={() => void press()}>
          {t('common.share')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}

/** As a message holds it: title, when and where, the words, and the board they come from. */
function sharedText({ wordings, event }: Announcement, boardName: string, language: string): string {
  const wording = wordingFor(wordings, spokenHere(language));
  const when = event && [spanIn(event.beginsAt, event.endsAt, event.zone, language), event.place].filter((part) => part !== '').join(' · ');
  const parts = [`**${wording?.title.trim() ?? ''}**`, when, wording?.body.trim(), `— ${boardName}`];
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n').slice(0, MOST_CHARACTERS);
}
