/** Finds a room by a part of its name, from the keyboard. */
import { Search } from 'lucide-react';
import { useState } from 'react';
import { Autocomplete, Input, Menu, MenuItem, SearchField, useFilter } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { RoomId } from '#core/session/api.ts';
import { useRooms } from '../../app/session-context.tsx';
import { Avatar } from '../../components/Avatar.tsx';
import { Modal } from '../../components/Modal.tsx';
import './switcher.css';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onPick: (room: RoomId) => void;
}

export function RoomSwitcher({ open, onClose, onPick }: Props) {
  const { t } = useTranslation();
  const rooms = useRooms().value ?? [];
  const { contains } = useFilter({ sensitivity: 'base' });
  const [text, setText] = useState('');
  // Whoever types fast presses Enter before the list has put its mark on the first room.
  const pickFirst = () => {
    const first = rooms.find((room) => contains(room.name, text));
    if (first && text !== '') onPick(first.id);
  };
  return (
    <Modal title={t('rooms.find')} open={open} onClose={onClose}>
      <Autocomplete filter={contains} inputValue={text} onInputChange={setText}>
        <SearchField className="field" aria-label={t('rooms.find')} autoFocus onSubmit={pickFirst}>
          <div className="field-box switcher-box">
            <Search size={18} aria-hidden="true" />
            <Input className="field-input" placeholder={t('rooms.findPlaceholder')} dir="auto" />
          </div>
        </SearchField>
        <Menu className="switcher" aria-label={t('rooms.title')} items={rooms} renderEmptyState={() => <p className="switcher-nothing">{t('rooms.findNothing')}</p>}>
          {(room) => (
            <MenuItem className="switcher-item" id={room.id} textValue={room.name} onAction={() => onPick(room.id)}>
              <Avatar id={room.id} name={room.name} size="s" />
              <bdi>{room.name}</bdi>
            </MenuItem>
          )}
        </Menu>
      </Autocomplete>
    </Modal>
  );
}
