/** Where a message is written. Drafts live in memory only, one a room, and go away with the keys. */
import { SendHorizontal } from 'lucide-react';
import { useContext, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Problem } from '../../components/Problem.tsx';
import { AttachButton } from '../files/AttachButton.tsx';
import { StagingStrip } from '../files/StagingStrip.tsx';
import { Drafts } from './drafts.ts';
import { charactersOver, sendsOn } from './writing.ts';
import './composer.css';

const touch = typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches;

export function Composer({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  if (!room.active)
    return (
      <p className="composer composer-closed" role="note">
        {t('composer.inactive')}
      </p>
    );
  return <Writing room={room} />;
}

function Writing({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const drafts = useContext(Drafts);
  const [text, setText] = useState(drafts.get(room.id) ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  const over = charactersOver(text);
  const send = useAct((session, message: string) => session.send(room.id, message));
  const write = (value: string): void => {
    setText(value);
    drafts.set(room.id, value);
  };
  const submit = async () => {
    if (text.trim() === '' || over > 0) return;
    write('');
    area.current?.focus();
    // Queued durably or not at all: what was not taken goes back to where it was written.
    if ((await send.run(text.trim())) !== 'done') write(text);
  };
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (!sendsOn(event.nativeEvent, touch)) return;
    event.preventDefault();
    void submit();
  };
  useGrowing(area, text);
  useLayoutEffect(() => {
    // On a phone the keyboard would cover what one came to read.
    if (!touch) area.current?.focus();
  }, [room.id]);

  return (
    <div className="composer">
      <Problem code={send.failure} />
      {over > 0 ? (
        <p className="composer-over" role="status">
          {t('composer.tooLong', { count: over })}
        </p>
      ) : null}
      <StagingStrip room={room.id} />
      <div className="composer-box">
        <textarea
          ref={area}
          className="composer-text"
          aria-label={t('composer.label')}
          aria-describedby="composer-keys"
          placeholder={t('composer.placeholder', { room: room.name })}
          dir="auto"
          rows={1}
          value={text}
          enterKeyHint={touch ? 'enter' : 'send'}
          onChange={(event) => write(event.target.value)}
          onKeyDown={pressed}
        />
        <AttachButton key={room.id} room={room.id} />
        <IconButton label={t('composer.send')} tone="accent" isDisabled={text.trim() === '' || over > 0} onPress={() => void submit()}>
          <SendHorizontal size={19} className="turn-rtl" />
        </IconButton>
      </div>
      <p id="composer-keys" className="hidden-words">
        {t('composer.keys')}
      </p>
    </div>
  );
}

/** As high as its text, up to what the style sheet allows. */
function useGrowing(area: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.blockSize = 'auto';
    element.style.blockSize = `${element.scrollHeight}px`;
  }, [area, text]);
}
