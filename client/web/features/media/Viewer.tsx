/** A picture as large as the window, with the others of its room before and behind it: by keys, by wheel, by finger. */
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { fullTime, longDay } from '../../app/times.ts';
import { IconButton } from '../../components/Button.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { saveAs } from '../files/save-as.ts';
import { MediaProblem } from './MediaProblem.tsx';
import { MOST_OF_PREVIEW, Still } from './Still.tsx';
import { useFetched } from './use-fetched.ts';
import { useRoomPictures } from './use-room-pictures.ts';
import { useZoom } from './use-zoom.ts';
import { view, type Viewing } from './viewing.ts';
import './viewer.css';

export function Viewer({ viewing }: { readonly viewing: Viewing }) {
  const { t } = useTranslation();
  const [item, setItem] = useState(viewing.item);
  const { before, after } = useRoomPictures(viewing.room, item);
  const close = () => view(undefined);
  const step = (to: MessageItem | undefined) => to && setItem(to);
  const rtl = document.documentElement.dir === 'rtl';
  const pressed = useRef((_: KeyboardEvent): void => undefined);
  pressed.current = (event) => {
    if (event.key === 'ArrowLeft') step(rtl ? after : before);
    if (event.key === 'ArrowRight') step(rtl ? before : after);
  };
  // Wherever the focus is: there is nothing else to be done meanwhile.
  useEffect(() => {
    const press = (event: KeyboardEvent): void => pressed.current(event);
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  return (
    <ModalOverlay className="viewer-scrim" isOpen onOpenChange={(open) => open || close()}>
      <Modal className="viewer">
        <Dialog className="viewer-dialog" aria-label={t('media.viewer')}>
          <div className="viewer-frame">
            <One key={item.id} item={item} room={viewing.room} onClose={close} onBefore={before && (() => step(before))} onAfter={after && (() => step(after))} />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface OneProps {
  readonly item: MessageItem;
  readonly room: RoomId;
  readonly onClose: () => void;
  readonly onBefore: (() => void) | undefined;
  readonly onAfter: (() => void) | undefined;
}

const LONGEST = 4096;

function One({ item, room, onClose, onBefore, onAfter }: OneProps) {
  const { t, i18n } = useTranslation();
  const { bytes, pending, progress, failure, fetch } = useFetched(room, item);
  const [drawn, setDrawn] = useState(false);
  const [broken, setBroken] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  const zoom = useZoom(stage, { onBefore, onAfter, onDown: onClose });
  useEffect(() => void fetch(), [fetch]);
  const { file } = item;
  if (file?.preview === undefined) return null;
  const { preview } = file;
  return (
    <>
      <header className="viewer-bar">
        <div className="viewer-words">
          <p className="viewer-name">
            <bdi>{item.sender.name}</bdi>
          </p>
          <p className="viewer-time">{fullTime(item.at, i18n.language)}</p>
        </div>
        <IconButton label={zoom.isLarge ? t('media.zoomOut') : t('media.zoomIn')} onPress={zoom.toggle}>
          {zoom.isLarge ? <ZoomOut size={20} /> : <ZoomIn size={20} />}
        </IconButton>
        <IconButton label={t('files.save')} isDisabled={bytes === undefined} onPress={() => bytes && saveAs(bytes, file.name)}>
          <Download size={20} />
        </IconButton>
        <IconButton label={t('media.close')} onPress={onClose}>
          <X size={22} />
        </IconButton>
      </header>
      <div className="viewer-stage" ref={stage} data-testid="viewer-stage" data-whole={drawn}>
        <div className="viewer-picture" style={{ aspectRatio: `${preview.width} / ${preview.height}`, inlineSize: `min(100cqi, ${preview.width}px, calc(100cqb * ${preview.width / preview.height}))`, ...zoom.style }}>
          {drawn ? null : <Still bytes={preview.image} label={item.text === '' ? file.name : item.text} longest={800} most={MOST_OF_PREVIEW} />}
          {bytes === undefined || broken ? null : (
            <Still bytes={bytes} label={item.text === '' ? file.name : item.text} longest={LONGEST} onDrawn={() => setDrawn(true)} onFailed={() => setBroken(true)} style={drawn ? {} : { visibility: 'hidden' }} />
          )}
        </div>
        {onBefore === undefined ? null : (
          <span className="viewer-step viewer-before">
            <IconButton label={t('media.before')} onPress={onBefore}>
              <ChevronLeft size={28} className="turn-rtl" />
            </IconButton>
          </span>
        )}
        {onAfter === undefined ? null : (
          <span className="viewer-step viewer-after">
            <IconButton label={t('media.after')} onPress={onAfter}>
              <ChevronRight size={28} className="turn-rtl" />
            </IconButton>
          </span>
        )}
      </div>
      <footer className="viewer-foot">
        {pending ? (
          <p role="status">
            <Spinner /> {progress === undefined ? t('media.fetching') : t('files.progress', { percent: progress })}
          </p>
        ) : null}
        <MediaProblem item={item} room={room} failure={failure} unshowable={broken} bytes={bytes} />
        {item.text === '' ? null : (
          <p className="viewer-caption" dir="auto">
            {item.text}
          </p>
        )}
        {file.until !== undefined && file.until > Date.now() ? <p className="viewer-time">{t('media.until', { day: longDay(file.until, i18n.language) })}</p> : null}
      </footer>
    </>
  );
}
