/** The pane of one room's people: who is here, adding and removing where this device may. */
import { UserMinus, UserPlus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomMember, RoomSummary } from '#core/session/api.ts';
import { useAct, useLive } from '../../app/session-context.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { ScreenTitle } from '../../app/ScreenTitle.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { CompareButton } from '../verify/CompareButton.tsx';
import { AddPeople } from './AddPeople.tsx';
import { PersonLine } from './PersonLine.tsx';
import { RemovePerson } from './RemovePerson.tsx';
import { RoleButton } from './RoleButton.tsx';
import { RoomSections } from './RoomSections.tsx';
import './people.css';

export function RoomPeople({ room, onClose }: { readonly room: RoomSummary; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const members = useLive(`members-${room.id}-${room.people}`, 'rooms', (session) => session.members(room.id));
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<RoomMember>();
  const mayChange = room.admin && room.active;
  return (
    <aside className="pane" aria-label={t('people.inRoom', { room: room.name })}>
      <header className="bar">
        <div className="bar-words">
          <ScreenTitle>{t('people.title')}</ScreenTitle>
          <p className="bar-fact">
            <bdi>{room.name}</bdi>
          </p>
        </div>
        <IconButton label={t('room.closePeople')} keys="Esc" onPress={onClose}>
          <X size={20} />
        </IconButton>
      </header>
      <div className="pane-body">
        {room.mayAdd && room.active ? (
          <Button wide icon={<UserPlus size={18} />} onPress={() => setAdding(true)}>
            {t('people.add')}
          </Button>
        ) : null}
        <Problem code={members.failure} />
        <ul className="people people-bare">
          {members.value?.map((member) => (
            <PersonLine key={member.id} person={member} detail={member.role === 'member' ? undefined : t(`roles.${member.role}`)}>
              {!member.isMe && room.active ? <CompareButton room={room.id} member={member} /> : null}
              {!member.isMe && (mayChange || (room.active && room.role === 'moderator' && member.role === 'member')) ? (
                <>
                  {mayChange ? <RoleButton room={room} member={member} /> : null}
                  <IconButton label={t('people.removeOne', { name: member.name })} onPress={() => setRemoving(member)}>
                    <UserMinus size={18} />
                  </IconButton>
                </>
              ) : null}
              {member.lost === true && mayChange ? <NewDevice room={room} member={member} /> : null}
            </PersonLine>
          ))}
        </ul>
        <RoomSections room={room} />
      </div>
      <AddPeople room={room} members={members.value ?? []} open={adding} onClose={() => setAdding(false)} />
      <RemovePerson room={room} person={removing} onClose={() => setRemoving(undefined)} />
    </aside>
  );
}

/** Of somebody who is back with another device, and was let in by somebody who may not change this room. */
function NewDevice({ room, member }: { readonly room: RoomSummary; readonly member: RoomMember }) {
  const { t } = useTranslation();
  const say = useSay();
  const bring = useAct((session) => session.bringNewDevice(room.id, member.id));
  const press = async () => {
    if ((await bring.run()) === 'done') say(t('people.newDeviceComing', { name: member.name }));
  };
  return (
    <div className="person-below">
      <p className="person-detail">{t('people.lostDevice', { name: member.name })}</p>
      <Problem code={bring.failure} />
      <Button isPending={bring.pending} onPress={() => void press()}>
        {t('people.newDevice', { name: member.name })}
      </Button>
    </div>
  );
}
