/** A voice message: fetched when it is played, sought with the arrow keys or a finger, at three speeds. */
import { Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { IconButton } from '../../components/Button.tsx';
import { durationIn } from './durations.ts';
import { playableType } from './kinds.ts';
import { MediaProblem } from './MediaProblem.tsx';
import { useAddress } from './use-address.ts';
import { useFetched } from './use-fetched.ts';
import { Waveform } from './Waveform.tsx';

export function Voice({ item, room }: { readonly item: MessageItem; readonly room: RoomId }) {
  const { bytes, pending, failure, fetch } = useFetched(room, item);
  const [type, setType] = useState<string>();
  const [broken, setBroken] = useState(false);
  const address = useAddress(bytes, type);
  const { file } = item;
  const start = async (): Promise<void> => {
    const came = await fetch();
    if (came === undefined) return;
    const found = playableType(new Uint8Array(await came.slice(0, 16).arrayBuffer()), false);
    setType(found);
    setBroken(found === undefined);
  };
  if (file?.sound === undefined) return null;
  return (
    <div className="voice" data-testid="voice">
      <Player address={address} durationMs={file.sound.durationMs} waveform={file.sound.waveform} pending={pending} onStart={() => void start()} onBroken={() => setBroken(true)} />
      <MediaProblem item={item} room={room} failure={failure} unshowable={broken} bytes={bytes} />
    </div>
  );
}

const SPEEDS = [1, 1.5, 2] as const;
/** Of the length, for one press of an arrow key. */
const STEP_MS = 1000;

interface PlayerProps {
  /** Undefined until it was asked for. */
  readonly address: string | undefined;
  readonly durationMs: number;
  readonly waveform: readonly number[];
  readonly pending?: boolean;
  readonly onStart?: () => void;
  readonly onBroken?: () => void;
}

/** Also what one hears before sending. Sounds only when somebody presses play. */
export function Player({ address, durationMs, waveform, pending = false, onStart, onBroken }: PlayerProps) {
  const { t, i18n } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const wanted = useRef(false);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState(0);
  const rate = SPEEDS[speed] ?? 1;
  useEffect(() => {
    const element = audio.current;
    if (!element || address === undefined || !wanted.current) return;
    wanted.current = false;
    element.currentTime = at / 1000;
    void element.play().catch(() => undefined);
    // Where it is to begin is read once, when the sound is there.
  }, [address]);
  useEffect(() => {
    if (audio.current) audio.current.playbackRate = rate;
  }, [rate, address]);
  useSteady(playing, () => audio.current && setAt(audio.current.currentTime * 1000));
  const toggle = (): void => {
    if (playing) return audio.current?.pause();
    if (address !== undefined) return void audio.current?.play().catch(() => undefined);
    wanted.current = true;
    onStart?.();
  };
  const seek = (ms: number): void => {
    setAt(ms);
    if (audio.current && address !== undefined) audio.current.currentTime = ms / 1000;
  };
  const ended = (): void => {
    setPlaying(false);
    setAt(0);
  };
  const said = t('media.position', { at: durationIn(at), of: durationIn(durationMs) });
  return (
    <div className="player" data-playing={playing}>
      <audio ref={audio} src={address} preload="auto" onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onEnded={ended} onError={() => address !== undefined && onBroken?.()} />
      <IconButton label={playing ? t('media.pause') : t('media.play')} tone="accent" isPending={pending} onPress={toggle}>
        {playing ? <Pause size={18} /> : <Play size={18} />}
      </IconButton>
      <div className="player-line">
        <Waveform values={waveform} done={durationMs === 0 ? 0 : at / durationMs} />
        <input className="player-seek" type="range" min={0} max={durationMs} step={STEP_MS} value={Math.min(at, durationMs)} aria-label={t('media.seek')} aria-valuetext={said}
          onChange={(event) => seek(Number(event.target.value))} />
      </div>
      <span className="player-time">{durationIn(playing || at > 0 ? at : durationMs)}</span>
      <Button className="player-speed" aria-label={t('media.speed', { rate: rate.toLocaleString(i18n.language) })} onPress={() => setSpeed((speed + 1) % SPEEDS.length)}>
        {t('media.rate', { rate: rate.toLocaleString(i18n.language) })}
      </Button>
    </div>
  );
}

/** Calls at every drawn frame while it is on. */
function useSteady(on: boolean, call: () => void): void {
  const latest = useRef(call);
  latest.current = call;
  useEffect(() => {
    if (!on) return;
    let frame = requestAnimationFrame(function next() {
      latest.current();
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [on]);
}
