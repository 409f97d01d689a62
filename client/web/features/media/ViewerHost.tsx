/** Stands once in the open app; the viewer is fetched when the first picture is opened. */
import { lazy, useEffect } from 'react';
import { Later } from '../../components/Later.tsx';
import { useViewing, view } from './viewing.ts';

const Viewer = lazy(async () => ({ default: (await import('./Viewer.tsx')).Viewer }));

export function ViewerHost() {
  const viewing = useViewing();
  // Gone with the keys.
  useEffect(() => () => view(undefined), []);
  return <Later over>{viewing === undefined ? null : <Viewer key={viewing.item.id} viewing={viewing} />}</Later>;
}
