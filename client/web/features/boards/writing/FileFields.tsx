/** Files that go with an announcement: made ready as in rooms, sealed, and sent to the hub before it goes out. */
import { Paperclip, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttachedFile, BoardId } from '#core/session/api.ts';
import { useAct } from '../../../app/session-context.tsx';
import { Button, IconButton } from '../../../components/Button.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { Spinner } from '../../../components/Spinner.tsx';
import { make } from '../../files/making.ts';
import { sizeIn } from '../../files/sizes.ts';
import { useProgress } from '../../files/use-progress.ts';
import { MOST_FILES } from '../limits.ts';

interface Props {
  readonly board: BoardId;
  readonly files: readonly AttachedFile[];
  readonly onChange: (change: (files: readonly AttachedFile[]) => readonly AttachedFile[]) => void;
}

export function FileFields({ board, files, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState<{ readonly name: string; readonly transfer: string }>();
  const attach = useAct(async (session, chosen: readonly File[]) => {
    for (const file of chosen) {
      const transfer = crypto.randomUUID();
      setSending({ name: file.name, transfer });
      const { blob, name, type, preview } = await make(file, false);
      const attached = await session.attach(board, blob, { name, type, transfer, ...(preview && { preview }) });
      onChange((known) => [...known, attached].slice(0, MOST_FILES));
    }
  });
  const chosen = (event: React.ChangeEvent<HTMLInputElement>): void => {
    const taken = [...(event.target.files ?? [])].slice(0, MOST_FILES - files.length);
    event.target.value = '';
    void attach.run(taken).then(() => setSending(undefined));
  };
  return (
    <>
      <input ref={input} type="file" multiple hidden data-testid="attach-input" onChange={chosen} />
      {files.length === 0 ? null : (
        <ul className="writing-files">
          {files.map((file) => (
            <li key={file.handle}>
              <span className="writing-file">
                <bdi>{file.name}</bdi> <span className="file-size">{sizeIn(file.size, i18n.language)}</span>
              </span>
              <IconButton label={t('boards.removeFile', { name: file.name })} onPress={() => onChange((known) => known.filter((one) => one !== file))}>
                <X size={18} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {sending === undefined ? null : <Sending {...sending} />}
      <Problem code={attach.failure} />
      {files.length < MOST_FILES ? (
        <Button icon={<Paperclip size={18} />} isDisabled={attach.pending} onPress={() => input.current?.click()}>
          {t('boards.addFile')}
        </Button>
      ) : null}
    </>
  );
}

function Sending({ name, transfer }: { readonly name: string; readonly transfer: string }) {
  const { t } = useTranslation();
  const percent = useProgress(transfer) ?? 0;
  return (
    <p className="writing-file" role="status">
      <Spinner /> <bdi>{name}</bdi> <span className="file-size">{t('files.sending', { percent })}</span>
    </p>
  );
}
