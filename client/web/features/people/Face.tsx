/** Somebody's face: the picture and the colour they chose for the room they are shown in. */
import { useEffect, useState } from 'react';
import { pictureType } from '#core/domain/pictures.ts';
import type { Person, Session } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { Avatar } from '../../components/Avatar.tsx';

export function Face({ person, size }: { readonly person: Person; readonly size?: 's' | 'm' | 'l' }) {
  const picture = usePicture(person);
  return <Avatar id={person.id} name={person.name} colour={person.colour} picture={picture} {...(size === undefined ? {} : { size })} />;
}

/** Addresses of pictures, by the session they are of, for as long as it is open in this page. */
const pictures = new WeakMap<Session, Map<string, Promise<string | undefined>>>();

function usePicture({ id, picture }: Person): string | undefined {
  const session = useSession();
  const [shown, setShown] = useState<{ key: string; address: string | undefined }>();
  const [room, version] = [picture?.room, picture?.version];
  const key = `${room}/${id}/${version}`;
  useEffect(() => {
    if (room === undefined) return undefined;
    let over = false;
    let known = pictures.get(session);
    if (known === undefined) pictures.set(session, (known = new Map()));
    const loading = known.get(key) ?? session.picture(room, id).then(addressOf, () => undefined);
    known.set(key, loading);
    void loading.then((address) => { if (!over) setShown({ key, address }); });
    return () => { over = true; };
  }, [session, room, id, key]);
  return shown?.key === key ? shown.address : undefined;
}

/** Of nothing but what its first bytes say is a WebP or a JPEG. */
function addressOf(bytes: Uint8Array | undefined): string | undefined {
  const type = bytes && pictureType(bytes);
  return bytes === undefined || type === undefined ? undefined : URL.createObjectURL(new Blob([bytes.slice()], { type }));
}
