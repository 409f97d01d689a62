import { FileUp } from 'lucide-react';
import { FileTrigger } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';

/** Picks the file. By any name: phones rename what they keep. */
export function BackupFile({ file, onPick }: { readonly file: File | undefined; readonly onPick: (file: File) => void }) {
  const { t } = useTranslation();
  const pick = (files: FileList | null) => {
    const [first] = files ?? [];
    if (first !== undefined) onPick(first);
  };
  return (
    <div className="backup-file">
      <FileTrigger onSelect={pick}>
        <Button icon={<FileUp size={18} />} wide>
          {file === undefined ? t('restore.file') : t('restore.fileOther')}
        </Button>
      </FileTrigger>
      <p className="gate-note" role="status">
        {file === undefined ? t('restore.fileNone') : <bdi>{file.name}</bdi>}
      </p>
    </div>
  );
}
