/** Somebody's face: the picture and the colour they chose for the room they are shown in. */
import { useEffect, useState } from 'react';
import type { Person } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { Avatar } from '../../components/Avatar.tsx';
import { faceAt } from './faces.ts';

export function Face({ person, size }: { readonly person: Person; readonly size?: 's' | 'm' | 'l' }) {
  const picture = usePicture(person);
  return <Avatar id={person.id} name={person.name} colour={person.colour} picture={picture} {...(size === undefined ? {} : { size })} />;
}

function usePicture({ id, picture }: Person): string | undefined {
  const session = useSession();
  const [shown, setShown] = useState<{ key: string; address: string | undefined }>();
  const [room, version] = [picture?.room, picture?.version];
  const key = `${room}/${id}/${version}`;
  useEffect(() => {
    if (room === undefined) return undefined;
    let over = false;
    void faceAt(key, () => session.picture(room, id)).then((address) => { if (!over) setShown({ key, address }); });
    return () => { over = true; };
  }, [session, room, id, key]);
  return shown?.key === key ? shown.address : undefined;
}
