/** A video in a message: its first picture, length and size; fetched and played when somebody asks for it. */
import { Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { Spinner } from '../../components/Spinner.tsx';
import { sizeIn } from '../files/sizes.ts';
import { boxOf } from './box.ts';
import { durationIn } from './durations.ts';
import { playableType } from './kinds.ts';
import { MediaProblem } from './MediaProblem.tsx';
import { MOST_OF_PREVIEW, Still } from './Still.tsx';
import { useAddress } from './use-address.ts';
import { useFetched } from './use-fetched.ts';

export function Video({ item, room }: { readonly item: MessageItem; readonly room: RoomId }) {
  const { t, i18n } = useTranslation();
  const { bytes, pending, progress, failure, fetch } = useFetched(room, item);
  const [type, setType] = useState<string>();
  const [broken, setBroken] = useState(false);
  const address = useAddress(bytes, type);
  useEffect(() => {
    void bytes?.slice(0, 16).arrayBuffer().then((head) => {
      const found = playableType(new Uint8Array(head), true);
      setType(found);
      setBroken(found === undefined);
    });
  }, [bytes]);
  const { file } = item;
  if (file?.preview === undefined) return null;
  const { preview } = file;
  const length = durationIn(preview.durationMs);
  return (
    <div className="video">
      {address === undefined || broken ? (
        <Button className="picture" style={boxOf(preview)} isDisabled={broken} onPress={() => void fetch()} data-testid="video"
          aria-label={t('media.playVideo', { what: item.text === '' ? file.name : item.text, length, size: sizeIn(file.size, i18n.language) })}>
          <Still bytes={preview.image} label="" longest={800} most={MOST_OF_PREVIEW} />
          <span className="video-play">{pending ? <Spinner /> : <Play size={26} aria-hidden />}</span>
          <span className="video-facts">{pending && progress !== undefined ? t('files.progress', { percent: progress }) : `${length} · ${sizeIn(file.size, i18n.language)}`}</span>
        </Button>
      ) : (
        <video className="video-player" style={boxOf(preview)} src={address} controls autoPlay playsInline aria-label={file.name} onError={() => setBroken(true)} />
      )}
      <MediaProblem item={item} room={room} failure={failure} unshowable={broken} bytes={bytes} />
    </div>
  );
}
