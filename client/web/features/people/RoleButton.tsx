/** What somebody does in a room, as a menu of the three roles. Tinted while they have one. */
import { Check, UserCog } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Role, RoomMember, RoomSummary } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { IconButton } from '../../components/Button.tsx';
import { useSay } from '../../components/Toasts.tsx';
import './roles.css';

const ROLES = ['admin', 'moderator', 'member'] as const satisfies readonly Role[];

export function RoleButton({ room, member }: { readonly room: RoomSummary; readonly member: RoomMember }) {
  const { t } = useTranslation();
  const say = useSay();
  const { id, name, role } = member;
  const change = useAct((session, next: Role) => session.setRole(room.id, id, next));
  const told = { admin: t('roles.madeAdmin', { name }), moderator: t('roles.madeModerator', { name }), member: t('roles.madeMember', { name }) };
  const help = { admin: t('roles.adminHelp'), moderator: t('roles.moderatorHelp'), member: t('roles.memberHelp') };
  const pick = async (next: Role) => {
    if (next === role) return;
    const outcome = await change.run(next);
    if (outcome === 'done') say(told[next]);
    else say(t(`failure.${outcome}`), 'danger');
  };
  return (
    <MenuTrigger>
      <IconButton label={t('roles.menu', { name })} tone={role === 'member' ? 'plain' : 'on'} isPending={change.pending}>
        <UserCog size={18} />
      </IconButton>
      <Popover className="role-menu" placement="bottom end">
        <Menu aria-label={t('roles.menu', { name })} selectionMode="single" selectedKeys={[role]} onAction={(key) => void pick(ROLES.find((known) => known === key) ?? role)}>
          {ROLES.map((one) => (
            <MenuItem key={one} id={one} className="role-item" textValue={t(`roles.${one}`)}>
              <span className="role-tick">{one === role ? <Check size={16} aria-hidden /> : null}</span>
              <span>
                <Text slot="label">{t(`roles.${one}`)}</Text>
                <Text slot="description" className="role-help">
                  {help[one]}
                </Text>
              </span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
