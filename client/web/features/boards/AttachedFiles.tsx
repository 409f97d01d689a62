/** Files of an announcement. A picture shows what came with it; the whole is fetched when somebody asks for it. */
import { Download, FileText, ImageOff, TriangleAlert } from 'lucide-react';
import { lazy, useState } from 'react';
import { Button as Pressable } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { AttachedFile, BoardId } from '#core/session/api.ts';
import { Button } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { saveAs } from '../files/save-as.ts';
import { sizeIn } from '../files/sizes.ts';
import { boxOf } from '../media/box.ts';
import { endingOf, isDangerous, kindOf } from '../media/kinds.ts';
import { MOST_OF_PREVIEW, Still } from '../media/Still.tsx';
import { useAttached } from './use-attached.ts';
import '../files/files.css';
import '../media/media.css';

const DangerDialog = lazy(async () => ({ default: (await import('../files/DangerDialog.tsx')).DangerDialog }));
/** Pixels of the longer side. */
const LONGEST_SHOWN = 1600;

interface Props {
  /** Undefined in a preview: there is nothing to be fetched yet. */
  readonly board: BoardId | undefined;
  /** The board, by name: who sent them. */
  readonly from: string;
  readonly files: readonly AttachedFile[];
}

export function AttachedFiles({ board, from, files }: Props) {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <ul className="attached" aria-label={t('boards.files')}>
      {files.map((file) => (
        <li key={file.handle}>
          {board === undefined ? <Words file={file} /> : kindOf(file) === 'picture' ? <PictureLine board={board} from={from} file={file} /> : <Line board={board} from={from} file={file} />}
        </li>
      ))}
    </ul>
  );
}

interface OneProps {
  readonly board: BoardId;
  readonly from: string;
  readonly file: AttachedFile;
}

function Words({ file, progress }: { readonly file: AttachedFile; readonly progress?: number | undefined }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <FileText className="file-sign" size={26} aria-hidden />
      <p className="file-words">
        <bdi className="file-name">{file.name}</bdi>
        <span className="file-size">{progress === undefined ? `${endingOf(file.name).toUpperCase()} ${sizeIn(file.size, i18n.language)}`.trim() : t('files.progress', { percent: progress })}</span>
        {isDangerous(file.name) ? (
          <span className="file-danger">
            <TriangleAlert size={15} aria-hidden /> {t('files.runs')}
          </span>
        ) : null}
      </p>
    </>
  );
}

function Line({ board, from, file }: OneProps) {
  const { t } = useTranslation();
  const { pending, progress, failure, fetch } = useAttached(board, file.handle);
  const [asking, setAsking] = useState(false);
  const save = async () => {
    setAsking(false);
    const bytes = await fetch();
    if (bytes !== undefined) saveAs(bytes, file.name);
  };
  return (
    <div className="file" data-testid="attached">
      <Words file={file} progress={pending ? progress : undefined} />
      <Button weight="plain" icon={<Download size={16} />} isPending={pending} aria-label={t('boards.saveFileOf', { name: file.name })} onPress={() => (isDangerous(file.name) ? setAsking(true) : void save())}>
        {t('boards.saveFile')}
      </Button>
      <Problem code={failure === 'cancelled' ? undefined : failure} />
      <Later over>{asking ? <DangerDialog name={file.name} from={from} onClose={() => setAsking(false)} onSave={() => void save()} /> : null}</Later>
    </div>
  );
}

function PictureLine(props: OneProps) {
  const { t } = useTranslation();
  const { file, board } = props;
  const { bytes, pending, failure, fetch } = useAttached(board, file.handle);
  const [broken, setBroken] = useState(false);
  if (file.preview === undefined) return null;
  return (
    <>
      <Pressable className="picture" style={boxOf(file.preview)} aria-label={t('media.openPicture', { what: file.name })} isDisabled={pending || bytes !== undefined} onPress={() => void fetch()}>
        {broken ? <ImageOff size={22} aria-hidden /> : <Still bytes={bytes ?? file.preview.image} label="" longest={LONGEST_SHOWN} {...(bytes === undefined && { most: MOST_OF_PREVIEW })} onFailed={() => setBroken(true)} />}
        {pending ? (
          <span className="attached-wait">
            <Spinner />
          </span>
        ) : null}
      </Pressable>
      <Problem code={failure === 'cancelled' ? undefined : failure} />
      {bytes === undefined ? null : <Line {...props} />}
    </>
  );
}
