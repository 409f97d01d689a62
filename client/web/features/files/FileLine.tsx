/** A file in the timeline: its name, its size, and a way to save it. Nothing of what it holds is ever shown here. */
import { Download, FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageId, RoomId, SharedFile } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useProgress } from './use-progress.ts';
import { sizeIn } from './sizes.ts';
import './files.css';

export function FileLine({ file, message, room }: { readonly file: SharedFile; readonly message: MessageId; readonly room: RoomId }) {
  const { t, i18n } = useTranslation();
  const progress = useProgress(message);
  const save = useAct(async (session) => saveAs(await session.fetchFile(room, message, message), file.name));
  return (
    <div className="file" data-testid="file">
      <FileText className="file-sign" size={22} aria-hidden />
      <p className="file-words">
        <bdi className="file-name">{file.name}</bdi>
        <span className="file-size">{save.pending && progress !== undefined ? t('files.progress', { percent: progress }) : sizeIn(file.size, i18n.language)}</span>
      </p>
      <Button weight="plain" icon={<Download size={16} />} isPending={save.pending} onPress={() => void save.run()}>
        {t('files.save')}
      </Button>
      <Problem code={save.failure} />
    </div>
  );
}

/** As bytes of no type, so that no browser opens them as a page of this origin. */
function saveAs(bytes: Blob, name: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
