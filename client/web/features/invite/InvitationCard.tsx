/** One open link: hidden until asked for, then as text to copy and as a QR code. */
import { Check, Copy, Share2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenInvitation } from '#core/session/api.ts';
import { Button } from '../../components/Button.tsx';
import { QrCode } from '../../components/QrCode.tsx';

interface Props {
  readonly invitation: OpenInvitation;
  readonly shown: boolean;
  readonly onToggle: () => void;
}

export function InvitationCard({ invitation, shown, onToggle }: Props) {
  const { t, i18n } = useTranslation();
  const until = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', hour: '2-digit', minute: '2-digit' }).format(invitation.expiresAt);
  return (
    <li className="card invitation" data-testid="invitation">
      <div className="invitation-head">
        <p>{t('invite.until', { date: until })}</p>
        <Button weight="plain" onPress={onToggle} aria-expanded={shown}>
          {shown ? t('invite.hideLink') : t('invite.showLink')}
        </Button>
      </div>
      {shown ? <Link link={invitation.link} /> : null}
    </li>
  );
}

function Link({ link }: { readonly link: string }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLDivElement>(null);
  // In braces: newer browsers answer with a promise, which is no clean-up.
  useEffect(() => {
    body.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    field.current?.select();
    await navigator.clipboard.writeText(link);
    setCopied(true);
    setTimeout(() => setCopied(false), 2500);
  };
  const canShare = typeof navigator.share === 'function';
  return (
    <div className="invitation-body" ref={body}>
      <QrCode text={link} label={t('invite.qr')} />
      <div className="invitation-words">
        <input
          ref={field}
          className="invitation-link"
          aria-label={t('invite.yourLink')}
          data-testid="invitation-link"
          readOnly
          dir="ltr"
          value={link}
          onFocus={(event) => event.target.select()}
        />
        <div className="invitation-buttons">
          <Button icon={copied ? <Check size={17} /> : <Copy size={17} />} onPress={() => void copy().catch(() => undefined)}>
            {copied ? t('common.copied') : t('common.copy')}
          </Button>
          {canShare ? (
            <Button icon={<Share2 size={17} />} onPress={() => void navigator.share({ url: link }).catch(() => undefined)}>
              {t('common.share')}
            </Button>
          ) : null}
        </div>
        <p className="invitation-note">{t('invite.thenWait')}</p>
      </div>
    </div>
  );
}
