/** A picture in a message: the small one that came inside it. The whole one is fetched when somebody opens it, and not before: fetching tells the hub that somebody reads. */
import { useState } from 'react';
import { ImageOff } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { boxOf } from './box.ts';
import { MOST_OF_PREVIEW, Still } from './Still.tsx';
import { view } from './viewing.ts';

const LONGEST = 800;

export function Picture({ item, room, tile = false }: { readonly item: MessageItem; readonly room: RoomId; readonly tile?: boolean }) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  const preview = item.file?.preview;
  if (preview === undefined) return null;
  const label = t('media.openPicture', { what: item.text === '' ? (item.file?.name ?? '') : item.text });
  return (
    <Button className={tile ? 'picture picture-tile' : 'picture'} aria-label={label} onPress={() => view({ room, item })} data-testid="picture" style={tile ? {} : boxOf(preview)}>
      {broken ? <ImageOff size={22} aria-hidden /> : <Still bytes={preview.image} label="" longest={LONGEST} most={MOST_OF_PREVIEW} onFailed={() => setBroken(true)} />}
    </Button>
  );
}
