/** Files of a room or a thread on their way to the hub: how far each is, and a way to stop it. */
import { FileText, Mic, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileUnderWay } from '#core/session/api.ts';
import { keepFresh } from '../../app/live.ts';
import { useOverview, useSession } from '../../app/session-context.tsx';
import { IconButton } from '../../components/Button.tsx';
import { MOST_OF_PREVIEW, Still } from '../media/Still.tsx';
import type { Spot } from '../composer/drafts.ts';
import { sizeIn } from './sizes.ts';
import { useProgress } from './use-progress.ts';

export function UnderWay({ spot: { room, thread } }: { readonly spot: Spot }) {
  const { t } = useTranslation();
  const session = useSession();
  const [all, setFiles] = useState<readonly FileUnderWay[]>([]);
  useEffect(
    () =>
      keepFresh<readonly FileUnderWay[]>(session, {
        load: (live) => live.filesUnderWay(room),
        changedBy: (event) => event.changed === 'files-under-way' && event.room === room,
        onValue: setFiles,
        onFailure: () => undefined,
      }).stop,
    [session, room],
  );
  const files = all.filter((file) => file.thread?.id === thread?.id);
  if (files.length === 0) return null;
  return (
    <ul className="under-way" aria-label={t('files.underWay', { count: files.length })} data-testid="under-way">
      {files.map((file) => (
        <One key={file.transfer} file={file} />
      ))}
    </ul>
  );
}

function One({ file }: { readonly file: FileUnderWay }) {
  const { t, i18n } = useTranslation();
  const session = useSession();
  const { connection } = useOverview();
  const told = useProgress(file.transfer);
  const percent = told ?? (file.size === 0 ? 0 : Math.floor((file.done / file.size) * 100));
  const words = file.lost ? t('files.lost') : connection === 'offline' ? t('files.waits') : t('files.sending', { percent });
  return (
    <li className="under-way-one">
      <span className="under-way-face" aria-hidden>
        {file.preview !== undefined ? <Still bytes={file.preview.image} label="" longest={200} most={MOST_OF_PREVIEW} /> : file.sound !== undefined ? <Mic size={17} /> : <FileText size={17} />}
      </span>
      <span className="under-way-words">
        <span>
          <bdi>{file.name}</bdi> <span className="file-size">{sizeIn(file.size, i18n.language)}</span>
        </span>
        <span className="file-size" role="status">
          {words}
        </span>
        {file.lost ? null : <progress max={100} value={percent} aria-label={t('files.sending', { percent })} />}
      </span>
      <IconButton label={t('files.cancelOne', { name: file.name })} onPress={() => void session.cancelTransfer(file.transfer).catch(() => undefined)}>
        <X size={17} />
      </IconButton>
    </li>
  );
}
