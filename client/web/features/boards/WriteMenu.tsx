/** Begins an announcement: at once where one coordinates one board, else for one of them. */
import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { BoardSummary } from '#core/session/api.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { IconButton } from '../../components/Button.tsx';
import '../talk/talk.css';

export function WriteMenu({ boards, icon }: { readonly boards: readonly BoardSummary[]; readonly icon: ReactNode }) {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const [only, ...others] = boards;
  if (only === undefined) return null;
  if (others.length === 0)
    return (
      <IconButton label={t('boards.write')} onPress={() => open({ screen: 'writing', board: only.id })}>
        {icon}
      </IconButton>
    );
  return (
    <MenuTrigger>
      <IconButton label={t('boards.write')}>{icon}</IconButton>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={t('boards.write')} onAction={(board) => open({ screen: 'writing', board: String(board) })}>
          {boards.map(({ id, name }) => (
            <MenuItem key={id} id={id} className="menu-item">
              <bdi>{name}</bdi>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
