/** Choosing a file to send, and giving it up while it is on its way. */
import { Paperclip, X } from 'lucide-react';
import { useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomId } from '#core/session/api.ts';
import { useAct, useSession } from '../../app/session-context.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useProgress } from './use-progress.ts';
import './files.css';

export function AttachButton({ room }: { readonly room: RoomId }) {
  const { t } = useTranslation();
  const session = useSession();
  const transfer = useId() + room;
  const progress = useProgress(transfer);
  const input = useRef<HTMLInputElement>(null);
  const send = useAct((live, file: File) => live.sendFile(room, file, { name: file.name, type: file.type, transfer }));
  const chosen = (): void => {
    const file = input.current?.files?.[0];
    if (file !== undefined) void send.run(file);
    if (input.current) input.current.value = '';
  };
  return (
    <>
      <input ref={input} type="file" hidden data-testid="file-input" onChange={chosen} />
      {send.pending ? (
        <>
          <span className="file-progress" role="status">
            {t('files.progress', { percent: progress ?? 0 })}
          </span>
          <IconButton label={t('files.cancel')} onPress={() => void session.cancelTransfer(transfer)}>
            <X size={19} />
          </IconButton>
        </>
      ) : (
        <IconButton label={t('files.attach')} onPress={() => input.current?.click()}>
          <Paperclip size={19} />
        </IconButton>
      )}
      {send.failure === undefined || send.failure === 'cancelled' ? null : <Problem code={send.failure} />}
    </>
  );
}
