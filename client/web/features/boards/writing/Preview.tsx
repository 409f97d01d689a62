/** How readers will see it, in the width of a phone and of a computer. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnnouncementText } from '#core/session/api.ts';
import { Choice } from '../../../components/Choice.tsx';
import { Announced } from '../Announced.tsx';
import { asksAnything, asksOf } from '../answering.ts';
import { PollChoices } from '../PollChoices.tsx';
import { Shifts } from '../Shifts.tsx';
import { tidied } from './text.ts';

const still = (): void => undefined;

export function Preview({ text, boardName }: { readonly text: AnnouncementText; readonly boardName: string }) {
  const { t } = useTranslation();
  const [width, setWidth] = useState<'phone' | 'computer'>('phone');
  const shown = tidied(text);
  const asks = asksOf(shown, Date.now());
  return (
    <>
      <Choice label={t('boards.previewWidth')} value={width} onChange={setWidth} options={[{ value: 'phone', label: t('boards.previewPhone') }, { value: 'computer', label: t('boards.previewComputer') }]} />
      <div className="preview" data-width={width} data-testid="preview">
        <p className="preview-board">
          <bdi>{boardName}</bdi>
        </p>
        <Announced of={shown} board={undefined} boardName={boardName} />
        {asksAnything(asks) ? (
          <div className="preview-asks" inert>
            {asks.coming ? <Choice label={t('boards.areYouComing')} value="" onChange={still} options={[{ value: 'yes', label: t('boards.yes') }, { value: 'maybe', label: t('boards.maybe') }, { value: 'no', label: t('boards.no') }]} /> : null}
            {asks.shifts && shown.event ? <Shifts event={shown.event} totals={undefined} mine={[]} held={[]} full={[]} onChange={still} /> : null}
            {asks.poll && shown.poll ? <PollChoices poll={shown.poll} votes={[]} onChange={still} /> : null}
            {asks.acknowledge ? <p className="preview-ack">{t('boards.acknowledge')}</p> : null}
          </div>
        ) : null}
      </div>
    </>
  );
}
