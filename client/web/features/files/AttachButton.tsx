/** Choosing what to send with a room: pictures, what the camera sees, any file; also dropped on the room or pasted into it. */
import { Camera, FileText, Images, Paperclip } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { RoomId } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { IconButton } from '../../components/Button.tsx';
import { useSay } from '../../components/Toasts.tsx';
import { stagingOf } from './staging.ts';
import './files.css';
import './attach.css';

const touch = typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches;

export function AttachButton({ room }: { readonly room: RoomId }) {
  const { t } = useTranslation();
  const session = useSession();
  const say = useSay();
  const files = useRef<HTMLInputElement>(null);
  const pictures = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const take = (chosen: readonly File[]): void => {
    const over = chosen.length === 0 ? 0 : stagingOf(session).add(room, chosen);
    if (over > 0) say(t('files.tooMany', { count: over }));
  };
  const chosen = (event: React.ChangeEvent<HTMLInputElement>): void => {
    take([...(event.target.files ?? [])]);
    event.target.value = '';
  };
  const over = useDropping(take);
  return (
    <>
      <input ref={files} type="file" multiple hidden data-testid="file-input" onChange={chosen} />
      <input ref={pictures} type="file" multiple accept="image/*,video/*" hidden data-testid="picture-input" onChange={chosen} />
      <input ref={camera} type="file" accept="image/*" capture="environment" hidden data-testid="camera-input" onChange={chosen} />
      <MenuTrigger>
        <IconButton label={t('files.attach')}>
          <Paperclip size={19} />
        </IconButton>
        <Popover className="attach-menu" placement="top end">
          <Menu aria-label={t('files.attach')}>
            <MenuItem className="attach-item" onAction={() => pictures.current?.click()}>
              <Images size={18} aria-hidden /> {t('files.pictures')}
            </MenuItem>
            {touch ? (
              <MenuItem className="attach-item" onAction={() => camera.current?.click()}>
                <Camera size={18} aria-hidden /> {t('files.camera')}
              </MenuItem>
            ) : null}
            <MenuItem className="attach-item" onAction={() => files.current?.click()}>
              <FileText size={18} aria-hidden /> {t('files.file')}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {over ? <div className="drop-here">{t('files.dropHere')}</div> : null}
    </>
  );
}

const filesIn = (data: DataTransfer | null): readonly File[] => [...(data?.files ?? [])];
const hasFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false;

/** Files dropped anywhere on the page, or pasted where one writes, are chosen. @returns whether some are held over it */
function useDropping(take: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    let depth = 0;
    const entered = (event: DragEvent): void => {
      if (!hasFiles(event.dataTransfer)) return;
      depth += 1;
      setOver(true);
    };
    const left = (event: DragEvent): void => {
      if (!hasFiles(event.dataTransfer)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const held = (event: DragEvent): void => {
      if (hasFiles(event.dataTransfer)) event.preventDefault();
    };
    const dropped = (event: DragEvent): void => {
      if (!hasFiles(event.dataTransfer)) return;
      // Else the browser would leave the app and open the file.
      event.preventDefault();
      depth = 0;
      setOver(false);
      latest.current(filesIn(event.dataTransfer));
    };
    const pasted = (event: ClipboardEvent): void => {
      const files = filesIn(event.clipboardData);
      // Text that brings its own picture along, as from an office program, is pasted as text.
      if (files.length === 0 || event.clipboardData?.types.includes('text/plain')) return;
      event.preventDefault();
      latest.current(files);
    };
    document.addEventListener('dragenter', entered);
    document.addEventListener('dragleave', left);
    document.addEventListener('dragover', held);
    document.addEventListener('drop', dropped);
    document.addEventListener('paste', pasted);
    return () => {
      document.removeEventListener('dragenter', entered);
      document.removeEventListener('dragleave', left);
      document.removeEventListener('dragover', held);
      document.removeEventListener('drop', dropped);
      document.removeEventListener('paste', pasted);
    };
  }, []);
  return over;
}
