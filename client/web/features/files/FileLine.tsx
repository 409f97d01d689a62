/** A document in the timeline: its name, its size, and a way to save it. Nothing of what it holds is ever shown here. */
import { Archive, Download, FileImage, FileSpreadsheet, FileText, FileVideo, FileAudio, File as FileIcon, TriangleAlert } from 'lucide-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { longDay } from '../../app/times.ts';
import { Button } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import { endingOf, isDangerous, signOf, type Sign } from '../media/kinds.ts';
import { MediaProblem } from '../media/MediaProblem.tsx';
import { useFetched } from '../media/use-fetched.ts';
import { saveAs } from './save-as.ts';
import { sizeIn } from './sizes.ts';
import './files.css';

const DangerDialog = lazy(async () => ({ default: (await import('./DangerDialog.tsx')).DangerDialog }));
const SIGNS: Record<Sign, typeof FileText> = { text: FileText, table: FileSpreadsheet, packed: Archive, sound: FileAudio, film: FileVideo, image: FileImage, other: FileIcon };
const WARN_BEFORE_MS = 3 * 86_400_000;

export function FileLine({ item, room }: { readonly item: MessageItem; readonly room: RoomId }) {
  const { t, i18n } = useTranslation();
  const { pending, progress, failure, fetch } = useFetched(room, item);
  const [asking, setAsking] = useState(false);
  const { file } = item;
  if (file === undefined) return null;
  const Icon = SIGNS[signOf(file.name)];
  const dangerous = isDangerous(file.name);
  const save = async () => {
    setAsking(false);
    const bytes = await fetch();
    if (bytes !== undefined) saveAs(bytes, file.name);
  };
  const left = file.until === undefined ? undefined : file.until - Date.now();
  return (
    <div className="file" data-testid="file">
      <Icon className="file-sign" size={26} aria-hidden />
      <p className="file-words">
        <bdi className="file-name">{file.name}</bdi>
        <span className="file-size">
          {pending && progress !== undefined ? t('files.progress', { percent: progress }) : `${endingOf(file.name).toUpperCase()} ${sizeIn(file.size, i18n.language)}`.trim()}
        </span>
        {dangerous ? (
          <span className="file-danger">
            <TriangleAlert size={15} aria-hidden /> {t('files.runs')}
          </span>
        ) : null}
        {left !== undefined && left > 0 && left < WARN_BEFORE_MS && file.until !== undefined ? <span className="file-size">{t('media.until', { day: longDay(file.until, i18n.language) })}</span> : null}
      </p>
      <Button weight="plain" icon={<Download size={16} />} isPending={pending} onPress={() => (dangerous ? setAsking(true) : void save())}>
        {t('files.save')}
      </Button>
      <MediaProblem item={item} room={room} failure={failure} />
      <Later over>{asking ? <DangerDialog name={file.name} from={item.sender.name} onClose={() => setAsking(false)} onSave={() => void save()} /> : null}</Later>
    </div>
  );
}
