/** Above the composer: what was chosen and can still be looked at, named and taken out, and what is on its way. */
import { ImageOff, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button as AriaButton, Input, TextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MessagePlace } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { Tick } from '../../components/Tick.tsx';
import { MOST_OF_PREVIEW, Still } from '../media/Still.tsx';
import { endingOf } from '../media/kinds.ts';
import type { Note } from './making.ts';
import type { Spot } from '../composer/drafts.ts';
import { sizeIn } from './sizes.ts';
import { stagingOf, useStaged, type Staged } from './staging.ts';
import { UnderWay } from './UnderWay.tsx';
import './staging.css';

const LONGEST_CAPTION = 2_000;
const NOTES = { document: 'files.noteDocument', original: 'files.noteOriginal', unreadable: 'files.noteUnreadable', film: 'files.noteFilm' } as const satisfies Record<Note, string>;

interface Props {
  readonly spot: Spot;
  /** @returns what the first of them answers; from then on nothing does */
  readonly takeReply: () => MessagePlace | undefined;
}

export function StagingStrip({ spot, takeReply }: Props) {
  const staging = stagingOf(useSession());
  const staged = useStaged(staging, spot);
  return (
    <>
      <UnderWay spot={spot} />
      {staged.length === 0 ? null : <Chosen spot={spot} takeReply={takeReply} staged={staged} />}
    </>
  );
}

function Chosen({ spot, takeReply, staged }: Props & { readonly staged: readonly Staged[] }) {
  const { t, i18n } = useTranslation();
  const staging = stagingOf(useSession());
  const [picked, setPicked] = useState<string>();
  const one = staged.find(({ id }) => id === picked) ?? (staged[0] as Staged);
  const ready = staged.every(({ made }) => made !== undefined);
  const caption = useRef<HTMLInputElement>(null);
  useEffect(() => caption.current?.focus({ preventScroll: true }), [one.id]);
  const { made } = one;
  const isPicture = made !== undefined && (made.note === 'original' || (made.preview !== undefined && made.preview.durationMs === 0));
  const send = (): void => {
    if (ready) staging.send(spot, takeReply());
  };
  return (
    <section className="staging" aria-label={t('files.chosen', { count: staged.length })} data-testid="staging">
      <ul className="staging-tiles">
        {staged.map((each) => (
          <li key={each.id} className="staging-tile" data-picked={each === one} data-testid="staged" data-ready={each.made !== undefined}>
            <AriaButton className="staging-face" aria-pressed={each === one} aria-label={t('files.look', { name: each.file.name })} onPress={() => setPicked(each.id)}>
              <Face staged={each} />
            </AriaButton>
            <AriaButton className="staging-remove" aria-label={t('files.takeOut', { name: each.file.name })} onPress={() => staging.remove(spot, each.id)}>
              <X size={14} />
            </AriaButton>
          </li>
        ))}
      </ul>
      <div className="staging-words">
        <p className="staging-name">
          <bdi>{made?.name ?? one.file.name}</bdi> <span>{sizeIn(made?.blob.size ?? one.file.size, i18n.language)}</span>
        </p>
        {made?.note === undefined ? null : <p className={made.note === 'document' ? 'staging-note' : 'staging-note staging-warning'}>{t(NOTES[made.note])}</p>}
        <Problem code={one.failure} />
        <TextField aria-label={t('files.caption')} value={one.caption} onChange={(value) => staging.caption(spot, one.id, value)} maxLength={LONGEST_CAPTION}>
          <Input
            ref={caption}
            className="staging-caption"
            dir="auto"
            placeholder={t('files.captionHere')}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.nativeEvent.isComposing) send();
            }}
          />
        </TextField>
        <div className="staging-acts">
          {isPicture ? (
            <span className="staging-original">
              <Tick checked={one.original} onChange={(on) => staging.asOriginal(spot, one.id, on)}>
                {t('files.asOriginal')}
              </Tick>
            </span>
          ) : null}
          <Button weight="plain" onPress={() => staging.clear(spot)}>
            {t('common.cancel')}
          </Button>
          <Button weight="primary" isDisabled={!ready} onPress={send}>
            {t('files.send', { count: staged.length })}
          </Button>
        </div>
      </div>
    </section>
  );
}

/** What of it can be shown: the small picture that will go with it, or its ending. */
function Face({ staged: { made, file } }: { readonly staged: Staged }) {
  const [broken, setBroken] = useState(false);
  if (made === undefined) return <Spinner />;
  if (made.preview === undefined) return <span className="staging-ending">{endingOf(file.name) === '' ? '…' : endingOf(file.name)}</span>;
  return broken ? <ImageOff size={20} /> : <Still bytes={made.preview.image} label="" longest={400} most={MOST_OF_PREVIEW} onFailed={() => setBroken(true)} />;
}

