/** What a room is set to: choices for those who look after it, plain facts for everybody else. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MayAdd, RoomSummary } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { spanWords } from '../../i18n/spans.ts';
import { SPANS } from './spans.ts';


export function RoomRules({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  // Nothing is to be said of a room in which everybody writes and everything stays.
  if (!room.active || (!room.admin && !room.announcementOnly && room.keeps === 0)) return null;
  return (
    <section className="room-way" aria-label={t('roles.rulesTitle')}>
      <h2 className="section-title">{t('roles.rulesTitle')}</h2>
      {room.admin ? <Choices room={room} /> : <Facts room={room} />}
    </section>
  );
}

function Facts({ room }: { readonly room: RoomSummary }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      {room.announcementOnly ? <p>{t('roles.onlySomeWrite')}</p> : null}
      {room.keeps > 0 ? <p data-testid="vanishes">{t('roles.vanishFact', { time: spanWords(room.keeps, i18n.language) })}</p> : null}
    </>
  );
}

function Choices({ room }: { readonly room: RoomSummary }) {
  const { t, i18n } = useTranslation();
  const write = useAct((session, only: boolean) => session.setAnnouncementOnly(room.id, only));
  const add = useAct((session, who: MayAdd) => session.setMayAdd(room.id, who));
  const vanish = useAct((session, seconds: number) => session.setVanishing(room.id, seconds));
  const writes = room.announcementOnly ? 'some' : 'everybody';
  // One that was set otherwise stays in view.
  const spans = [...new Set([...SPANS, room.vanishAfter])].sort((a, b) => a - b);
  const ceiling = room.keeps > 0 && room.keeps !== room.vanishAfter ? ` ${t('roles.vanishCeiling', { time: spanWords(room.keeps, i18n.language) })}` : '';
  return (
    <>
      <Rename room={room} />
      <Choice
        label={t('roles.whoWrites')}
        {...(room.announcementOnly ? { help: t('roles.someWriteHelp') } : {})}
        value={writes}
        options={[{ value: 'everybody', label: t('roles.everybodyWrites') }, { value: 'some', label: t('roles.someWrite') }]}
        onChange={(value) => void (value !== writes && !write.pending && write.run(value === 'some'))}
      />
      <Choice
        label={t('roles.whoAdds')}
        value={room.whoAdds}
        options={[{ value: 'admins', label: t('roles.addsAdmins') }, { value: 'moderators', label: t('roles.addsModerators') }, { value: 'everybody', label: t('roles.addsEverybody') }]}
        onChange={(who) => void (who !== room.whoAdds && !add.pending && add.run(who))}
      />
      <Choice
        label={t('roles.vanish')}
        help={`${t('roles.vanishHelp')}${ceiling}`}
        value={room.vanishAfter}
        options={spans.map((seconds) => ({ value: seconds, label: seconds === 0 ? t('roles.vanishOff') : spanWords(seconds, i18n.language) }))}
        onChange={(seconds) => void (seconds !== room.vanishAfter && !vanish.pending && vanish.run(seconds))}
      />
      <Problem code={write.failure ?? add.failure ?? vanish.failure} />
    </>
  );
}

function Rename({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const say = useSay();
  const [typed, setTyped] = useState<string>();
  const rename = useAct((session, name: string) => session.renameRoom(room.id, name));
  const name = typed ?? room.name;
  const changed = name.trim() !== room.name && name.trim() !== '';
  const save = async () => {
    if (!changed || (await rename.run(name)) !== 'done') return;
    setTyped(undefined);
    say(t('roles.renamed'));
  };
  return (
    <form className="room-rename" onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <Field label={t('roles.name')} value={name} onChange={setTyped} maxLength={64} autoComplete="off" problem={rename.failure && t(`failure.${rename.failure}`)} />
      {changed ? <Button type="submit" isPending={rename.pending}>{t('roles.rename')}</Button> : null}
    </form>
  );
}
