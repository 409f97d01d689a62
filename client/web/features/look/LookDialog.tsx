/** A name, a colour and a picture for one room. */
import { ImagePlus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { pictureType } from '#core/domain/pictures.ts';
import type { RoomLook, RoomSummary } from '#core/session/api.ts';
import { useAct, useLive, useOverview } from '../../app/session-context.tsx';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { squareOf } from './square.ts';
import '../people/roles.css';

const COLOURS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

export function LookDialog({ room, onClose }: { readonly room: RoomSummary; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const look = useLive(`look-${room.id}`, 'rooms', (session) => session.look(room.id));
  return (
    <Modal title={t('roles.look')} open onClose={onClose}>
      <p className="modal-text">{t('roles.lookHelp', { room: room.name })}</p>
      <Problem code={look.failure} />
      {look.value === undefined ? <Spinner /> : <Editor room={room} look={look.value} onClose={onClose} />}
    </Modal>
  );
}

function Editor({ room, look, onClose }: { readonly room: RoomSummary; readonly look: RoomLook; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const { me } = useOverview();
  const [name, setName] = useState(look.name);
  const [colour, setColour] = useState(look.colour);
  /** Undefined: as it was; null: none. */
  const [picture, setPicture] = useState<Uint8Array | null>();
  const [unusable, setUnusable] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const kept = useLive(`own-picture-${room.id}-${look.picture}`, 'rooms', async (session) => (look.picture === undefined || me === undefined ? undefined : session.picture(room.id, me.id)));
  const shown = picture === undefined ? kept.value : (picture ?? undefined);
  const address = useAddress(shown);
  const save = useAct((session) => session.setProfile(room.id, { name, colour, ...(picture === undefined ? {} : { picture }) }));
  const press = async () => {
    if ((await save.run()) !== 'done') return;
    say(t('roles.lookSaved', { room: room.name }));
    onClose();
  };
  const choose = async (file: File | undefined) => {
    const square = file && (await squareOf(file));
    setUnusable(file !== undefined && square === undefined);
    if (square !== undefined) setPicture(square);
  };
  return (
    <>
      <div className="look">
        <div className="look-face">
          <Avatar id={me?.id ?? ''} name={name || (me?.name ?? '')} size="l" colour={colour === 0 ? undefined : colour} picture={address} />
          <input ref={chooser} type="file" accept="image/*" hidden data-testid="look-picture" onChange={(event) => { void choose(event.target.files?.[0]); event.target.value = ''; }} />
          <Button icon={<ImagePlus size={18} />} onPress={() => chooser.current?.click()}>
            {t(shown === undefined ? 'roles.lookPicture' : 'roles.lookOtherPicture')}
          </Button>
          {shown === undefined ? null : <Button weight="plain" onPress={() => setPicture(null)}>{t('roles.lookNoPicture')}</Button>}
        </div>
        {unusable ? <p role="alert" className="field-problem">{t('failure.bad-picture')}</p> : null}
        <Field label={t('roles.lookName')} help={t('roles.lookNameHelp', { name: me?.name ?? '' })} value={name} onChange={setName} maxLength={64} autoComplete="off" />
        <RadioGroup value={String(colour)} onChange={(value) => setColour(Number(value))} aria-label={t('roles.lookColour')}>
          <span className="field-label">{t('roles.lookColour')}</span>
          <div className="look-colours">
            {COLOURS.map((one) => (
              <Radio key={one} value={String(one)} className="look-colour" aria-label={one === 0 ? t('roles.colourOwn') : t('roles.colourOf', { number: one })}>
                <Avatar id={me?.id ?? ''} name={name || (me?.name ?? '')} colour={one === 0 ? undefined : one} />
              </Radio>
            ))}
          </div>
        </RadioGroup>
        <Problem code={save.failure} />
      </div>
      <ModalButtons>
        <Button onPress={onClose} isDisabled={save.pending}>{t('common.cancel')}</Button>
        <Button weight="primary" isPending={save.pending} onPress={() => void press()}>{t('roles.lookSave')}</Button>
      </ModalButtons>
    </>
  );
}

/** Of what its first bytes say is a picture, for as long as it is shown. */
function useAddress(bytes: Uint8Array | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const type = bytes && pictureType(bytes);
    if (bytes === undefined || type === undefined) {
      setAddress(undefined);
      return undefined;
    }
    const made = URL.createObjectURL(new Blob([bytes.slice()], { type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return address;
}
