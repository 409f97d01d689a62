/** Bringing in another device: the code, then the words to compare. Nothing is given away before the person says so. */
import { Check, Copy, Link2, ShieldAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LinkOffer, LinkRequest } from '#core/session/api.ts';
import { useAct, useLive, useOverview } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Phrase } from '../../components/Phrase.tsx';
import { Problem } from '../../components/Problem.tsx';
import { QrCode } from '../../components/QrCode.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { Tick } from '../../components/Tick.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { thisKind } from './guess-name.ts';

/** While the code is on the screen, the other device is in the other hand. */
const ASK_EVERY_MS = 2000;

export function Linking() {
  const { t } = useTranslation();
  const offer = useLive('link offer', 'devices', (session) => session.linkOffer());
  const begin = useAct((session) => session.linkDevice(t(thisKind())));
  if (offer.value !== undefined) return <Offered offer={offer.value} onOver={offer.refresh} />;
  return (
    <div className="devices-begin">
      <Problem code={begin.failure ?? offer.failure} />
      <Button weight="primary" icon={<Link2 size={18} />} isPending={begin.pending} onPress={() => void begin.run()}>
        {begin.pending ? t('devices.linking') : t('devices.link')}
      </Button>
    </div>
  );
}

function Offered({ offer, onOver }: { readonly offer: LinkOffer; readonly onOver: () => void }) {
  const { t } = useTranslation();
  const request = useLive('link request', 'devices', (session) => session.linkRequest());
  const { refresh } = request;
  const stop = useAct((session) => session.cancelLink());
  const isOver = useOver(offer.expiresAt);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && refresh(), ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  if (request.value !== undefined) return <Compare key={request.value.id + request.value.phrase.join()} request={request.value} />;
  return (
    <section className="card devices-link" aria-label={t('devices.link')}>
      {isOver ? <p>{t('devices.linkOver')}</p> : <Code offer={offer} />}
      <Problem code={stop.failure ?? request.failure} />
      <div className="devices-link-buttons">
        <Button isPending={stop.pending} onPress={() => void stop.run().then(onOver)}>
          {isOver ? t('common.done') : t('devices.linkCancel')}
        </Button>
      </div>
    </section>
  );
}

function Code({ offer }: { readonly offer: LinkOffer }) {
  const { t, i18n } = useTranslation();
  const { maySetNeighbour } = useOverview();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    field.current?.select();
    await navigator.clipboard.writeText(offer.link);
    setCopied(true);
    setTimeout(() => setCopied(false), 2500);
  };
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'short' }).format(offer.expiresAt);
  return (
    <>
      <p>{t('devices.linkLead')}</p>
      {maySetNeighbour ? <p className="devices-note">{t('devices.linkNothingFounding')}</p> : null}
      <div className="devices-code">
        <QrCode text={offer.link} label={t('devices.linkQr')} />
        <div className="devices-code-words">
          <input
            ref={field}
            className="devices-code-link"
            aria-label={t('devices.linkLabel')}
            data-testid="device-link"
            readOnly
            dir="ltr"
            value={offer.link}
            onFocus={(event) => event.target.select()}
          />
          <Button icon={copied ? <Check size={17} /> : <Copy size={17} />} onPress={() => void copy().catch(() => undefined)}>
            {copied ? t('common.copied') : t('common.copy')}
          </Button>
          <p className="devices-note" role="status">
            <Spinner />
            {t('devices.linkWaiting')}
          </p>
          <p className="devices-note">{t('devices.linkUntil', { time })}</p>
        </div>
      </div>
    </>
  );
}

function Compare({ request: { id, name, phrase, contested } }: { readonly request: LinkRequest }) {
  const { t } = useTranslation();
  const say = useSay();
  const [sure, setSure] = useState(false);
  const [differing, setDiffering] = useState(false);
  const confirm = useAct((session) => session.confirmLink(id, phrase.join(' ')));
  const match = async () => {
    if ((await confirm.run()) === 'done') say(t('devices.linkedNow', { name }));
  };
  return (
    <section className="card devices-link" aria-label={t('devices.compareTitle')} data-testid="link-request">
      <h2 className="devices-compare">{t('devices.compareTitle')}</h2>
      {contested ? (
        <p className="devices-contested" role="alert">
          <ShieldAlert size={18} aria-hidden="true" />
          <span>{t('devices.contested')}</span>
        </p>
      ) : null}
      <p>{t('devices.compare', { name })}</p>
      <Phrase words={phrase} label={t('devices.phraseLabel')} />
      {contested ? (
        <Tick checked={sure} onChange={setSure}>
          {t('devices.contestedTick')}
        </Tick>
      ) : null}
      <Problem code={confirm.failure} />
      <div className="devices-link-buttons">
        <Button weight="primary" isPending={confirm.pending} isDisabled={contested && !sure} onPress={() => void match()}>
          {confirm.pending ? t('devices.matching') : t('devices.match')}
        </Button>
        <Button isDisabled={confirm.pending} onPress={() => setDiffering(true)}>
          {t('devices.differ')}
        </Button>
      </div>
      <Differ id={id} open={differing} onClose={() => setDiffering(false)} />
    </section>
  );
}

function Differ({ id, open, onClose }: { readonly id: string; readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const refuse = useAct((session) => session.refuseLink(id));
  return (
    <Modal title={t('devices.differTitle')} open={open} onClose={onClose} grave>
      <p className="modal-text">{t('devices.differBody')}</p>
      <Problem code={refuse.failure} />
      <ModalButtons>
        <Button onPress={onClose} autoFocus>
          {t('common.cancel')}
        </Button>
        <Button weight="danger" isPending={refuse.pending} onPress={() => void refuse.run()}>
          {t('devices.differConfirm')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}

/** Turns true when the time has come. */
function useOver(at: number): boolean {
  const [over, setOver] = useState(() => Date.now() >= at);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  }, [at]);
  return over;
}
