/** Loud: somebody who was compared is here with a device that was not. It stays until the words are compared again. */
import { ShieldAlert } from 'lucide-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person, RoomSummary } from '#core/session/api.ts';
import { Button } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import { Name } from '../../components/Name.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';
import '../connection/connection.css';
import './verify.css';

const SafetyDialog = lazy(() => import('./SafetyDialog.tsx'));

export function ChangedBanner({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const [first] = room.changed;
  // Whom the dialog is about stays, although comparing takes them off the list.
  const [comparing, setComparing] = useState<Person>();
  return (
    <>
      {first === undefined ? null : (
        <div className="connection verify-changed" role="alert" data-testid="changed">
          <ShieldAlert size={20} aria-hidden="true" />
          <p>
            <Sentence text={t('verify.banner', gaps('name'))} parts={{ name: <Name person={first} /> }} />
          </p>
          <Button weight="danger" onPress={() => setComparing(first)}>
            {t('verify.compare')}
          </Button>
        </div>
      )}
      <Later over>{comparing ? <SafetyDialog room={room.id} person={comparing} onClose={() => setComparing(undefined)} /> : null}</Later>
    </>
  );
}
