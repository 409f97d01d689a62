/** Choosing what to send: pictures, what the camera sees, any file; also dropped on the room or the thread, or pasted there. */
import { Camera, FileText, Images, Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { createPortal } from 'react-dom';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../app/session-context.tsx';
import { IconButton } from '../../components/Button.tsx';
import { useSay } from '../../components/Toasts.tsx';
import type { Spot } from '../composer/drafts.ts';
import { useDropping } from './dropping.ts';
import { stagingOf } from './staging.ts';
import './files.css';
import './attach.css';

const touch = typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches;

export function AttachButton({ spot }: { readonly spot: Spot }) {
  const { t } = useTranslation();
  const session = useSession();
  const say = useSay();
  const files = useRef<HTMLInputElement>(null);
  const pictures = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const take = (chosen: readonly File[]): void => {
    const over = chosen.length === 0 ? 0 : stagingOf(session).add(spot, chosen);
    if (over > 0) say(t('files.tooMany', { count: over }));
  };
  const chosen = (event: React.ChangeEvent<HTMLInputElement>): void => {
    take([...(event.target.files ?? [])]);
    event.target.value = '';
  };
  const place = useRef<HTMLSpanElement>(null);
  const over = useDropping(place, take);
  return (
    <>
      <input ref={files} type="file" multiple hidden data-testid="file-input" onChange={chosen} />
      <input ref={pictures} type="file" multiple accept="image/*,video/*" hidden data-testid="picture-input" onChange={chosen} />
      <input ref={camera} type="file" accept="image/*" capture="environment" hidden data-testid="camera-input" onChange={chosen} />
      <MenuTrigger>
        <span ref={place}>
          <IconButton label={t('files.attach')}>
            <Paperclip size={19} />
          </IconButton>
        </span>
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
      {over ? createPortal(<div className="drop-here">{t('files.dropHere')}</div>, over) : null}
    </>
  );
}
