/** Everybody in view: those one shares a room with or has let in. */
import { UsersRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigation } from '../../app/navigation.tsx';
import { useOverview, usePeople } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Screen } from '../../app/Screen.tsx';
import { PersonLine } from './PersonLine.tsx';
import './people.css';

export function PeopleScreen() {
  const { t } = useTranslation();
  const { open } = useNavigation();
  const { mayInvite } = useOverview();
  const people = usePeople();
  const alone = people.value?.every((person) => person.isMe) ?? false;
  return (
    <Screen title={t('people.title')}>
      <p className="page-lead">{t('people.lead')}</p>
      <Problem code={people.failure} />
      {people.value && people.value.length > 0 ? (
        <ul className="card people">
          {people.value.map((person) => (
            <PersonLine key={person.id} person={person} />
          ))}
        </ul>
      ) : null}
      {alone ? (
        <Empty
          icon={<UsersRound size={28} />}
          title={t('people.empty')}
          action={
            mayInvite ? (
              <Button weight="primary" onPress={() => open({ screen: 'invite' })}>
                {t('invite.title')}
              </Button>
            ) : undefined
          }
        >
          {t('people.emptyHelp')}
        </Empty>
      ) : null}
    </Screen>
  );
}
