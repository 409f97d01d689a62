/** One device: its name, since when, and how far it is on its way in or out. */
import { MonitorSmartphone } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnDevice } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { SendPast } from './SendPast.tsx';

const DAY_MS = 86_400_000;

export function DeviceLine({ device }: { readonly device: OwnDevice }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<'nothing' | 'rename' | 'remove' | 'past'>('nothing');
  const name = device.name === '' ? (device.isThis ? t('devices.this') : t('devices.unnamed')) : device.name;
  const close = () => setAsking('nothing');
  return (
    <li className="device" data-testid="device" data-state={device.state} data-name={device.name}>
      <MonitorSmartphone size={22} aria-hidden="true" className="device-icon" />
      <div className="device-words">
        <p className="device-name">
          <bdi>{name}</bdi>
          {device.isThis && device.name !== '' ? <span className="device-this">{t('devices.this')}</span> : null}
        </p>
        <State device={device} />
      </div>
      {device.state === 'leaving' ? null : (
        <div className="device-buttons">
          <Button weight="plain" aria-label={t('devices.renameOf', { name })} onPress={() => setAsking('rename')}>
            {t('devices.rename')}
          </Button>
          {device.isThis || device.state !== 'here' ? null : (
            <Button weight="plain" aria-label={t('devices.pastOf', { name })} onPress={() => setAsking('past')}>
              {t('devices.past')}
            </Button>
          )}
          {device.isThis ? null : (
            <Button weight="plain" aria-label={t('devices.removeOf', { name })} onPress={() => setAsking('remove')}>
              {t('devices.remove')}
            </Button>
          )}
        </div>
      )}
      {asking === 'rename' ? <Rename device={device} onClose={close} /> : null}
      {asking === 'past' ? <SendPast id={device.id} name={name} onClose={close} /> : null}
      {asking === 'remove' ? <Remove id={device.id} name={name} onClose={close} /> : null}
    </li>
  );
}

function State({ device: { state, rooms, linkedDay } }: { readonly device: OwnDevice }) {
  const { t, i18n } = useTranslation();
  if (state !== 'here')
    return (
      <p className="device-state" role="status">
        <Spinner />
        {state === 'joining' ? t('devices.joining', { done: rooms.done, total: rooms.total }) : t('devices.leaving', { count: rooms.done })}
      </p>
    );
  const date = linkedDay === undefined ? '' : new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long', timeZone: 'UTC' }).format(linkedDay * DAY_MS);
  return <p className="device-state">{linkedDay === undefined ? t('devices.first') : t('devices.linked', { date })}</p>;
}

function Rename({ device, onClose }: { readonly device: OwnDevice; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(device.name);
  const rename = useAct((session) => session.renameDevice(device.id, name.trim()));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') void rename.run().then((outcome) => outcome === 'done' && onClose());
  };
  return (
    <Modal title={t('devices.renameTitle')} open onClose={onClose}>
      <form className="device-form" onSubmit={submit} noValidate>
        <Field label={t('devices.renameLabel')} help={t('devices.newNameHelp')} value={name} onChange={setName} maxLength={64} autoComplete="off" autoFocus />
        <Problem code={rename.failure} />
        <ModalButtons>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button weight="primary" type="submit" isPending={rename.pending} isDisabled={name.trim() === ''}>
            {t('devices.renameSave')}
          </Button>
        </ModalButtons>
      </form>
    </Modal>
  );
}

function Remove({ id, name, onClose }: { readonly id: string; readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const remove = useAct((session) => session.removeDevice(id));
  const press = async () => {
    if ((await remove.run()) !== 'done') return;
    say(t('devices.removed', { name }));
    onClose();
  };
  return (
    <Modal title={t('devices.removeTitle', { name })} open onClose={onClose} grave>
      <p className="modal-text">{t('devices.removeBody')}</p>
      <Problem code={remove.failure} />
      <ModalButtons>
        <Button onPress={onClose} autoFocus>
          {t('common.cancel')}
        </Button>
        <Button weight="danger" isPending={remove.pending} onPress={() => void press()}>
          {t('devices.removeConfirm')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}
