/** Who asks to read a board: the only names of readers that are shown without being asked for. */
import { useTranslation } from 'react-i18next';
import type { BoardId, ReaderRequest } from '#core/session/api.ts';
import { useAct } from '../../../app/session-context.tsx';
import { Avatar } from '../../../components/Avatar.tsx';
import { Button } from '../../../components/Button.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { useSay } from '../../../components/Toasts.tsx';
import { useDesk } from './use-desk.ts';

export function Requests({ board }: { readonly board: BoardId }) {
  const { t } = useTranslation();
  const { value, failure } = useDesk('requests', board, (session) => session.readerRequests(board));
  if (failure === undefined && !value?.length) return null;
  return (
    <section className="section" aria-label={t('boards.asking')}>
      <h2 className="section-title">{t('boards.asking')}</h2>
      <Problem code={failure} />
      <ul className="section">
        {value?.map((request) => (
          <RequestLine key={request.member} request={request} />
        ))}
      </ul>
    </section>
  );
}

function RequestLine({ request }: { readonly request: ReaderRequest }) {
  const { t } = useTranslation();
  const say = useSay();
  const { board, member, name, fingerprint } = request;
  const admit = useAct((session) => session.admitReader(board, member));
  const refuse = useAct((session) => session.refuseReader(board, member));
  const press = async (run: () => Promise<string>, done: string) => {
    if ((await run()) === 'done') say(done);
  };
  return (
    <li className="card desk-card" data-testid="asking">
      <div className="desk-person">
        <Avatar id={member} name={name} />
        <p>
          <bdi className="name">{name}</bdi>
          <span className="desk-facts desk-block">{t('common.fingerprintOf', { fingerprint })}</span>
        </p>
      </div>
      <Problem code={admit.failure ?? refuse.failure} />
      <div className="boards-buttons">
        <Button isPending={refuse.pending} aria-label={t('boards.refuseOf', { name })} onPress={() => void press(refuse.run, t('boards.refusedOne', { name }))}>
          {t('boards.refuse')}
        </Button>
        <Button weight="primary" isPending={admit.pending} aria-label={t('boards.admitOf', { name })} onPress={() => void press(admit.run, t('boards.admitted', { name }))}>
          {t('boards.admit')}
        </Button>
      </div>
    </li>
  );
}
