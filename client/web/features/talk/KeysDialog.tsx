/** Every key of the app, in the order one meets them. */
import { useTranslation } from 'react-i18next';
import { KEYS } from '../../app/shortcuts.ts';
import { Button } from '../../components/Button.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { KEY_OF } from './actions.ts';
import './talk.css';

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const parts = [
    [t('timeline.keysApp'), [
      [t('settings.keyFind'), KEYS.find], [t('settings.keyNext'), KEYS.next], [t('settings.keyLock'), KEYS.lock], [t('settings.keyClose'), KEYS.close], [t('timeline.keysThis'), KEYS.keys],
    ]],
    [t('timeline.keysWriting'), [
      [t('composer.send'), '⏎'], [t('timeline.keysLine'), '⇧ ⏎'], [t('timeline.keysBold'), KEYS.bold], [t('timeline.keysItalic'), KEYS.italic], [t('timeline.keysCode'), KEYS.code],
      [t('timeline.keysEditLast'), '↑'], [t('timeline.keysName'), '@'], [t('timeline.keysToMessages'), '⇧ Tab'],
    ]],
    [t('timeline.keysMessage'), [
      [t('timeline.keysMove'), '↑  ↓'], [t('timeline.more'), '⏎'], [t('timeline.reply'), KEY_OF.reply], [t('timeline.startThread'), KEY_OF.thread], [t('timeline.react'), KEY_OF.react], [t('timeline.edit'), KEY_OF.edit],
      [t('timeline.copy'), KEY_OF.copy], [t('timeline.save'), KEY_OF.bookmark], [t('timeline.pin'), KEY_OF.pin], [t('timeline.forward'), KEY_OF.forward], [t('timeline.editedOpen'), KEY_OF.history], [t('timeline.delete'), KEY_OF.delete],
    ]],
  ] as const;
  return (
    <Modal title={t('timeline.keysTitle')} open onClose={onClose}>
      {parts.map(([title, keys]) => (
        <section key={title} className="keys-part">
          <h3 className="section-title">{title}</h3>
          <dl className="keys-list">
            {keys.map(([what, key]) => (
              <div key={what} className="keys-line">
                <dt>{what}</dt>
                <dd>
                  <kbd>{key}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <ModalButtons>
        <Button onPress={onClose}>{t('common.done')}</Button>
      </ModalButtons>
    </Modal>
  );
}
