/** The field a message is written in, with what belongs to it: names, marks, emoji, files, and what it answers. */
import { SendHorizontal } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagePlace, RoomSummary } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Problem } from '../../components/Problem.tsx';
import { AttachButton } from '../files/AttachButton.tsx';
import { StagingStrip } from '../files/StagingStrip.tsx';
import { VoiceButton } from '../files/VoiceButton.tsx';
import { AnswerBar } from './AnswerBar.tsx';
import { EmojiButton } from './EmojiButton.tsx';
import { NameList } from './NameList.tsx';
import { useLetter } from './use-letter.ts';
import { useNamesBegun, type Candidate } from './use-names.ts';
import { charactersOver, framed, markOf, sendsOn, withName } from './writing.ts';

const touch = typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches;
const TYPING_MS = 3_000;

export function Writing({ room, thread }: { readonly room: RoomSummary; readonly thread: MessagePlace | undefined }) {
  const { t } = useTranslation();
  const letter = useLetter(room, thread);
  const spot = useMemo(() => ({ room: room.id, thread }), [room.id, thread]);
  const { written, write, answering } = letter;
  const area = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const names = useNamesBegun(room, written, caret);
  const list = useId();
  const over = charactersOver(written.text);
  const typing = useTyping(room, thread);
  const sendable = written.text.trim() !== '' && over === 0;
  useGrowing(area, written.text);
  useFocus(area, room.id, answering && `${answering.how} ${answering.place.id}`);

  /** Puts words in as if they were typed, so that they can be undone. */
  const put = (from: number, to: number, words: string, select?: readonly [number, number]): void => {
    const field = area.current;
    if (!field) return;
    field.focus();
    field.setSelectionRange(from, to);
    // The only way that keeps what undo knows; where it is gone, the words come without.
    if (!document.execCommand('insertText', false, words)) {
      field.setRangeText(words, from, to, 'end');
      letter.type(field.value);
    }
    if (select) field.setSelectionRange(...select);
    setCaret(field.selectionEnd);
  };
  const pick = ({ person, name }: Candidate): void => {
    const next = withName(written, names.from, caret, name, person?.id);
    write(next);
    setCaret(next.caret);
    requestAnimationFrame(() => area.current?.setSelectionRange(next.caret, next.caret));
  };
  const submit = (): void => {
    if (!sendable) return;
    area.current?.focus();
    void letter.send();
  };
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const native = event.nativeEvent;
    if (native.isComposing) return;
    const candidate = names.candidates[names.at];
    const mark = markOf(native);
    const taken = ((): boolean => {
      if (candidate && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) return names.move(event.key === 'ArrowDown' ? 1 : -1), true;
      if (candidate && ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab')) return pick(candidate), true;
      if (candidate && event.key === 'Escape') return names.dismiss(), true;
      if (event.key === 'Escape' && answering) return letter.cancel(), true;
      if (event.key === 'ArrowUp' && written.text === '' && !answering) return letter.editLast();
      if (mark !== undefined) {
        const { from, to, put: words, select } = framed(written.text, event.currentTarget.selectionStart, event.currentTarget.selectionEnd, mark);
        return put(from, to, words, select), true;
      }
      return sendsOn(native, touch) && (submit(), true);
    })();
    if (taken) event.preventDefault();
  };

  return (
    <>
      <Problem code={letter.failure} />
      {over > 0 ? (
        <p className="composer-over" role="status">
          {t('composer.tooLong', { count: over })}
        </p>
      ) : null}
      <StagingStrip spot={spot} takeReply={letter.takeReply} />
      <div className="composer-box">
        {names.candidates.length > 0 ? <NameList id={list} candidates={names.candidates} at={names.at} onPick={pick} /> : null}
        {answering === undefined ? null : <AnswerBar how={answering.how} sender={answering.sender} quote={answering} onCancel={letter.cancel} />}
        <div className="composer-line" data-written={written.text !== '' || undefined}>
          {answering?.how === 'edit' ? null : <AttachButton spot={spot} />}
          <textarea
            ref={area}
            className="composer-text"
            aria-label={t('composer.label')}
            aria-describedby={`${list}-keys`}
            aria-autocomplete="list"
            {...(names.candidates.length > 0 ? { 'aria-controls': list, 'aria-activedescendant': `${list}-${names.at}` } : {})}
            placeholder={thread === undefined ? t('composer.placeholder', { room: room.name }) : t('composer.placeholderThread')}
            dir="auto"
            rows={1}
            value={written.text}
            enterKeyHint={touch ? 'enter' : 'send'}
            onChange={(event) => {
              letter.type(event.target.value);
              setCaret(event.target.selectionEnd);
              typing();
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionEnd)}
            onKeyDown={pressed}
          />
          {answering?.how === 'edit' ? null : (
            <span className="composer-voice">
              <VoiceButton spot={spot} takeReply={letter.takeReply} />
            </span>
          )}
          <EmojiButton onPick={(emoji) => put(area.current?.selectionStart ?? caret, area.current?.selectionEnd ?? caret, emoji)} />
          <span className="composer-send">
            <IconButton label={answering?.how === 'edit' ? t('composer.saveEdit') : t('composer.send')} tone="accent" isDisabled={!sendable} onPress={submit}>
              <SendHorizontal size={19} className="turn-rtl" />
            </IconButton>
          </span>
        </div>
      </div>
      <p id={`${list}-keys`} className="hidden-words">
        {t('composer.keys')}
      </p>
      <p className="hidden-words" aria-live="polite">
        {names.candidates.length > 0 ? t('composer.namesFound', { count: names.candidates.length }) : ''}
      </p>
    </>
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

/** The field has the focus where one can type at once. On a phone the keyboard would cover what one came to read. */
function useFocus(area: React.RefObject<HTMLTextAreaElement | null>, room: string, answering: string | undefined): void {
  useLayoutEffect(() => {
    if (!touch) area.current?.focus();
  }, [area, room]);
  const asked = useRef(answering);
  useEffect(() => {
    if (answering !== undefined && answering !== asked.current) requestAnimationFrame(() => area.current?.focus());
    asked.current = answering;
  }, [area, answering]);
}

/** Tells the session that one is writing; it says so to others only where that was chosen. */
function useTyping(room: RoomSummary, thread: MessagePlace | undefined): () => void {
  const session = useSession();
  const last = useRef(0);
  return () => {
    const now = performance.now();
    if (now - last.current < TYPING_MS && last.current > 0) return;
    last.current = now;
    void session.nowTyping(room.id, thread).catch(() => undefined);
  };
}
