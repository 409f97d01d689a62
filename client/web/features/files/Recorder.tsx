/** Over the composer while a voice message is recorded, heard again, sent or thrown away. */
import { Square, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagePlace } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import type { Spot } from '../composer/drafts.ts';
import { durationIn } from '../media/durations.ts';
import { useAddress } from '../media/use-address.ts';
import { Player } from '../media/Voice.tsx';
import { LONGEST_MS, record, type NoRecording, type Recorded, type Recording } from './recording.ts';
import { stagingOf, useRecorded } from './staging.ts';
import './recorder.css';

const WORDS = { denied: 'files.micDenied', 'no-microphone': 'files.micMissing', impossible: 'files.micImpossible' } as const satisfies Record<NoRecording, string>;
const BARS = 40;
const TICK_MS = 80;

interface Props {
  readonly spot: Spot;
  readonly takeReply: () => MessagePlace | undefined;
  /** The button that was held was let go of. */
  readonly released: boolean;
  readonly onClose: () => void;
}

export function Recorder({ spot, takeReply, released, onClose }: Props) {
  const { t } = useTranslation();
  const staging = stagingOf(useSession());
  const [running, setRunning] = useState<Recording>();
  const [problem, setProblem] = useState<NoRecording>();
  const done = useRecorded(staging, spot);
  const panel = useRef<HTMLDivElement>(null);
  /** Until it is stopped, or thrown away: then whoever goes away leaves nothing that is still to be stopped. */
  const begun = useRef<Recording>(undefined);
  useEffect(() => {
    if (staging.recorded(spot) !== undefined) return;
    let gone = false;
    void record().then((result) => {
      if (typeof result === 'string') return gone || setProblem(result);
      if (gone) return result.cancel();
      begun.current = result;
      setRunning(result);
    });
    return () => {
      gone = true;
      // Gone to another room in the middle of it: nothing is listened to any more, and what was said waits here.
      const left = begun.current;
      begun.current = undefined;
      void left?.stop().then((recorded) => recorded && staging.keepRecorded(spot, recorded), () => undefined);
    };
  }, [staging, spot]);
  const stop = async (): Promise<void> => {
    const ending = begun.current;
    begun.current = undefined;
    const recorded = await ending?.stop().catch(() => undefined);
    if (recorded !== undefined) await staging.keepRecorded(spot, recorded);
    setRunning(undefined);
    if (recorded === undefined) onClose();
  };
  const close = (): void => {
    begun.current?.cancel();
    begun.current = undefined;
    void staging.keepRecorded(spot, undefined);
    onClose();
  };
  useEffect(() => {
    if (released && running) void stop();
    // Only the moment it is let go of counts.
  }, [released, running !== undefined]);
  useEffect(() => panel.current?.focus(), []);
  const send = (): void => {
    if (done) void staging.sendMade(spot, done, takeReply());
    close();
  };
  useEffect(() => {
    // Wherever the focus is: the button that was held may still have it.
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close();
    };
    addEventListener('keydown', pressed, { capture: true });
    return () => removeEventListener('keydown', pressed, { capture: true });
  });
  return (
    <div className="recorder" role="group" aria-label={t('files.voice')} tabIndex={-1} ref={panel} data-testid="recorder" data-state={done ? 'review' : running ? 'recording' : 'asking'}>
      {problem !== undefined ? (
        <p className="recorder-words" role="alert">
          {t(WORDS[problem])}
        </p>
      ) : done !== undefined ? (
        <Review recorded={done} />
      ) : (
        <Meter running={running} onEnd={() => void stop()} />
      )}
      <IconButton label={problem === undefined ? t('files.throwAway') : t('common.cancel')} onPress={close}>
        <Trash2 size={18} />
      </IconButton>
      {problem !== undefined ? null : done === undefined ? (
        <Button icon={<Square size={14} />} isDisabled={running === undefined} onPress={() => void stop()}>
          {t('files.stop')}
        </Button>
      ) : (
        <Button weight="primary" onPress={send}>
          {t('files.send', { count: 1 })}
        </Button>
      )}
    </div>
  );
}

function Review({ recorded: { blob, type, sound } }: { readonly recorded: Recorded }) {
  const address = useAddress(blob, type);
  return <Player address={address} durationMs={sound.durationMs} waveform={sound.waveform} />;
}

/** How long and how loud, as it is recorded. */
function Meter({ running, onEnd }: { readonly running: Recording | undefined; readonly onEnd: () => void }) {
  const { t } = useTranslation();
  const [levels, setLevels] = useState<readonly number[]>([]);
  const [ms, setMs] = useState(0);
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    if (!running) return;
    const begun = performance.now();
    const ticking = setInterval(() => {
      const past = performance.now() - begun;
      setMs(past);
      setLevels((old) => [...old.slice(1 - BARS), running.level()]);
      if (past >= LONGEST_MS) end.current();
    }, TICK_MS);
    return () => clearInterval(ticking);
  }, [running]);
  return (
    <>
      <span className="recorder-dot" data-on={running !== undefined} aria-hidden />
      <p className="recorder-words" role="timer">
        {running === undefined ? t('files.micAsking') : t('files.recording', { length: durationIn(ms) })}
      </p>
      <svg className="recorder-levels" viewBox={`0 0 ${BARS * 4} 24`} preserveAspectRatio="none" aria-hidden="true">
        {levels.map((level, index) => (
          <rect key={index} x={(BARS - levels.length + index) * 4} y={12 - Math.max(1, level * 12)} width="2.4" height={Math.max(2, level * 24)} />
        ))}
      </svg>
    </>
  );
}
