/** Above what is written: the message it answers, or changes, and a way out of it. */
import { Pencil, Reply, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Person, Quote } from '#core/session/api.ts';
import { IconButton } from '../../components/Button.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';
import { QuoteWords } from '../timeline/QuoteLine.tsx';

interface Props {
  readonly how: 'reply' | 'edit';
  readonly sender: Person;
  readonly quote: Pick<Quote, 'text' | 'file'>;
  readonly onCancel: () => void;
}

export function AnswerBar({ how, sender, quote, onCancel }: Props) {
  const { t } = useTranslation();
  const Icon = how === 'reply' ? Reply : Pencil;
  return (
    <div className="answer-bar" data-testid={`${how}-bar`}>
      <Icon size={16} aria-hidden="true" className="turn-rtl" />
      <p className="answer-words">
        <span className="answer-how">
          {how === 'edit' ? t('composer.editing') : sender.isMe ? t('composer.replyingMe') : <Sentence text={t('composer.replying', gaps('name'))} parts={{ name: <bdi>{sender.name}</bdi> }} />}
        </span>
        <QuoteWords quote={quote} />
      </p>
      <IconButton label={how === 'edit' ? t('composer.cancelEdit') : t('composer.cancelReply')} keys="Esc" onPress={onCancel}>
        <X size={17} />
      </IconButton>
    </div>
  );
}
