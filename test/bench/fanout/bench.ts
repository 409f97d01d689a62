import type { Area } from '../results.ts';
export async function fanout(_quick: boolean): Promise<Area> { throw new Error('soon'); }
