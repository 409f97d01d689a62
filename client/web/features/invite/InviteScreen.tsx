/** Lets somebody in: those who wait come first, then a new link, then the links still open. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Plus } from 'lucide-react';
import type { OpenInvitation } from '#core/session/api.ts';
import { useAct, useLive, useOverview, useRequests } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Screen } from '../../app/Screen.tsx';
import { InvitationCard } from './InvitationCard.tsx';
import { RequestCard } from './RequestCard.tsx';
import './invite.css';

/** While this screen is open somebody is probably on the phone with the newcomer. */
const ASK_EVERY_MS = 3000;

export function InviteScreen() {
  const { t } = useTranslation();
  const { mayInvite } = useOverview();
  return (
    <Screen title={t('invite.title')}>
      {mayInvite ? <Inviting /> : <p>{t('invite.notAllowed')}</p>}
    </Screen>
  );
}

function Inviting() {
  const { t } = useTranslation();
  const open = useLive('invitations', 'requests', (session) => session.invitations());
  const [shown, setShown] = useState<string>();
  const make = useAct(async (session) => {
    const { id } = await session.invite();
    open.refresh();
    setShown(id);
  });
  const invitations = newestFirst(open.value ?? []);
  return (
    <>
      <Requests asking={invitations.length > 0} />
      <p className="page-lead">{t('invite.lead')}</p>
      <Problem code={make.failure ?? open.failure} />
      <Button weight="primary" icon={<Plus size={18} />} isPending={make.pending} onPress={() => void make.run()}>
        {make.pending ? t('invite.making') : t('invite.make')}
      </Button>
      {invitations.length === 0 ? null : (
        <section className="section">
          <h2 className="section-title">{t('invite.openOnes')}</h2>
          <ul className="section">
            {invitations.map((invitation) => (
              <InvitationCard
                key={invitation.id}
                invitation={invitation}
                shown={shown === invitation.id}
                onToggle={() => setShown(shown === invitation.id ? undefined : invitation.id)}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

const newestFirst = (all: readonly OpenInvitation[]) => [...all].sort((a, b) => b.expiresAt - a.expiresAt);

function Requests({ asking }: { readonly asking: boolean }) {
  const { t } = useTranslation();
  const requests = useRequests();
  const { refresh } = requests;
  useEffect(() => {
    if (!asking) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && refresh(), ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [asking, refresh]);
  if (!requests.value?.length) return null;
  return (
    <section className="section" aria-label={t('invite.requests')}>
      <h2 className="section-title">{t('invite.requests')}</h2>
      <ul className="section">
        {requests.value.map((request) => (
          <RequestCard key={request.id} request={request} />
        ))}
      </ul>
    </section>
  );
}
