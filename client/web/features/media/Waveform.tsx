import { useId } from 'react';

const HIGH = 32;
const BAR = 3;
const GAP = 2;

/** The loudness of a sound as bars, those behind `done` (0 .. 1) fainter. */
export function Waveform({ values, done }: { readonly values: readonly number[]; readonly done: number }) {
  const id = useId();
  const bars = values.length === 0 ? Array.from({ length: 32 }, () => 0) : values;
  const width = bars.length * (BAR + GAP) - GAP;
  const path = bars
    .map((value, index) => {
      const high = Math.max(BAR, (value / 255) * HIGH);
      return `M${index * (BAR + GAP)} ${(HIGH - high) / 2}h${BAR}v${high}h-${BAR}z`;
    })
    .join('');
  return (
    <svg className="waveform" viewBox={`0 0 ${width} ${HIGH}`} preserveAspectRatio="none" aria-hidden="true">
      <clipPath id={id}>
        <rect x="0" y="0" width={width * Math.min(1, Math.max(0, done))} height={HIGH} />
      </clipPath>
      <path className="waveform-rest" d={path} />
      <path className="waveform-done" d={path} clipPath={`url(#${id})`} />
    </svg>
  );
}
