/** How loud a sound is along its length. Pure. */
import { MOST_WAVEFORM } from '#core/domain/files.ts';

/** @param samples -1 .. 1. @returns up to 64 values, the loudest 255 */
export function loudnessOf(samples: Float32Array, values = MOST_WAVEFORM): readonly number[] {
  const count = Math.min(values, samples.length);
  const each = samples.length / Math.max(1, count);
  const levels = Array.from({ length: count }, (_, index) => levelOf(samples.subarray(Math.floor(index * each), Math.floor((index + 1) * each))));
  const loudest = Math.max(...levels, 1e-4);
  return levels.map((level) => Math.round((level / loudest) * 255));
}

/** Root mean square, 0 .. 1. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}
