import { UserCog } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RoomMember, RoomSummary } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { IconButton } from '../../components/Button.tsx';
import { useSay } from '../../components/Toasts.tsx';

/** Lets a member add and remove people, or takes that back. Tinted while they may. */
export function AdminButton({ room, member }: { readonly room: RoomSummary; readonly member: RoomMember }) {
  const { t } = useTranslation();
  const say = useSay();
  const { id, name, admin } = member;
  const change = useAct((session) => session.setAdmin(room.id, id, !admin));
  const press = async () => {
    const outcome = await change.run();
    if (outcome === 'done') say(t(admin ? 'people.unmadeAdmin' : 'people.madeAdmin', { name }));
    else say(t(`failure.${outcome}`), 'danger');
  };
  return (
    <IconButton label={t(admin ? 'people.unmakeAdmin' : 'people.makeAdmin', { name })} tone={admin ? 'on' : 'plain'} isPending={change.pending} onPress={() => void press()}>
      <UserCog size={18} />
    </IconButton>
  );
}
