/** The microphone of the composer: a press begins, holding it records until it is let go. What is recorded can be heard before it is sent. */
import { Mic } from 'lucide-react';
import { lazy, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagePlace } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import type { Spot } from '../composer/drafts.ts';
import { stagingOf, useRecorded } from './staging.ts';

const Recorder = lazy(async () => ({ default: (await import('./Recorder.tsx')).Recorder }));
/** Longer than a press. */
const HOLD_MS = 600;

interface Props {
  readonly spot: Spot;
  readonly takeReply: () => MessagePlace | undefined;
}

export function VoiceButton({ spot, takeReply }: Props) {
  const { t } = useTranslation();
  const [asked, setOpen] = useState(false);
  // One that was begun here waits, wherever one went in between.
  const open = useRecorded(stagingOf(useSession()), spot) !== undefined || asked;
  const [released, setReleased] = useState(false);
  const since = useRef(0);
  useEffect(() => {
    if (!open) return;
    const up = (): void => {
      if (since.current > 0 && performance.now() - since.current > HOLD_MS) setReleased(true);
      since.current = 0;
    };
    addEventListener('pointerup', up);
    return () => removeEventListener('pointerup', up);
  }, [open]);
  const begin = (byPointer: boolean): void => {
    since.current = byPointer ? performance.now() : 0;
    setReleased(false);
    setOpen(true);
  };
  return (
    <>
      <IconButton label={t('files.voice')} onPressStart={({ pointerType }) => open || begin(pointerType === 'mouse' || pointerType === 'touch' || pointerType === 'pen')} onPress={() => open || begin(false)}>
        <Mic size={19} />
      </IconButton>
      <Later over>{open ? <Recorder spot={spot} takeReply={takeReply} released={released} onClose={() => setOpen(false)} /> : null}</Later>
    </>
  );
}
