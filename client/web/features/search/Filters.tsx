/** Chips that narrow a search: each opens a short list, and says what was chosen. */
import { Check, ChevronDown, X } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover, type Key, type Selection } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Has, Is } from '#core/session/api.ts';
import { usePeople, useRooms } from '../../app/session-context.tsx';
import { WHENS, type Looking, type When } from './request.ts';

const HAS = ['image', 'file', 'voice', 'video', 'link'] as const satisfies readonly Has[];
const IS = ['me', 'saved', 'pinned', 'mine'] as const satisfies readonly (Is | 'me')[];

interface Props {
  readonly looking: Looking;
  readonly onChange: (change: Partial<Looking>) => void;
}

export function Filters({ looking, onChange }: Props) {
  const { t } = useTranslation();
  const rooms = useRooms().value ?? [];
  const people = usePeople().value ?? [];
  const nameOf = (named: readonly { readonly id: string; readonly name: string }[], id: string | undefined) => named.find((one) => one.id === id)?.name;
  return (
    <div className="search-filters" role="group" aria-label={t('search.filters')}>
      <Chip
        label={t('search.in')} chosen={looking.room === undefined ? [] : [looking.room]} value={nameOf(rooms, looking.room)}
        choices={rooms.map(({ id, name }) => ({ id, name }))} onChoose={([room]) => onChange({ room })}
      />
      <Chip
        label={t('search.from')} chosen={looking.from === undefined ? [] : [looking.from]} value={nameOf(people, looking.from)}
        choices={people.map(({ id, name, isMe, ambiguous, fingerprint }) => ({ id, name: isMe ? t('search.me') : ambiguous ? `${name} ${fingerprint}` : name }))}
        onChoose={([from]) => onChange({ from })}
      />
      <Chip
        label={t('search.has')} chosen={looking.has ?? []} many value={(looking.has ?? []).map((one) => t(`search.has_${one}`)).join(', ')}
        choices={HAS.map((id) => ({ id, name: t(`search.has_${id}`) }))} onChoose={(has) => onChange({ has: has as readonly Has[] })}
      />
      <Chip
        label={t('search.when')} chosen={looking.when === undefined ? [] : [looking.when]} value={looking.when && t(`search.when_${looking.when}`)}
        choices={WHENS.map((id) => ({ id, name: t(`search.when_${id}`) }))} onChoose={([when]) => onChange({ when: when as When | undefined })}
      />
      <Chip
        label={t('search.is')} chosen={looking.is === undefined ? [] : [looking.is]} value={looking.is && t(`search.is_${looking.is}`)}
        choices={IS.map((id) => ({ id, name: t(`search.is_${id}`) }))} onChoose={([is]) => onChange({ is: is as Looking['is'] })}
      />
    </div>
  );
}

interface ChipProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly chosen: readonly string[];
  readonly many?: boolean;
  readonly choices: readonly { readonly id: string; readonly name: string }[];
  readonly onChoose: (chosen: readonly string[]) => void;
}

function Chip({ label, value, chosen, many = false, choices, onChoose }: ChipProps) {
  const { t } = useTranslation();
  const isSet = chosen.length > 0;
  const choose = (selection: Selection) => onChoose(selection === 'all' ? choices.map(({ id }) => id) : [...selection].map((key: Key) => String(key)));
  return (
    <div className="search-chip" data-set={isSet}>
      <MenuTrigger>
        <Button className="search-chip-main">
          {isSet ? <span className="search-chip-label">{t('search.chip', { label, value })}</span> : label}
          {isSet ? null : <ChevronDown size={15} aria-hidden="true" />}
        </Button>
        <Popover className="search-popover">
          <Menu className="search-menu" aria-label={label} items={choices} selectionMode={many ? 'multiple' : 'single'} selectedKeys={chosen} onSelectionChange={choose}>
            {({ id, name }) => (
              <MenuItem id={id} className="search-choice" textValue={name}>
                {({ isSelected }) => (
                  <>
                    <bdi>{name}</bdi>
                    {isSelected ? <Check size={17} aria-hidden="true" /> : null}
                  </>
                )}
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      {isSet ? (
        <Button className="search-chip-off" aria-label={t('search.without', { label })} onPress={() => onChoose([])}>
          <X size={15} />
        </Button>
      ) : null}
    </div>
  );
}
