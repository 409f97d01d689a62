/** On a phone the way back from a screen that no item of the bottom bar leads to; beside a sidebar it is hidden. */
import { ChevronLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/Button.tsx';
import { useNavigation } from './navigation.tsx';

export function BackButton() {
  const { t } = useTranslation();
  const { back } = useNavigation();
  return (
    <span className="bar-back">
      <IconButton label={t('common.back')} onPress={back}>
        <ChevronLeft size={24} className="turn-rtl" />
      </IconButton>
    </span>
  );
}
