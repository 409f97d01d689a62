import type { Snippet, TextStretch } from '#core/session/api.ts';

/** A text with what was looked for marked in it. */
export function Marked({ text, marks }: { readonly text: string; readonly marks: readonly TextStretch[] }) {
  const parts: React.ReactNode[] = [];
  let end = 0;
  for (const { start, length } of marks) {
    parts.push(text.slice(end, start), <mark key={start}>{text.slice(start, start + length)}</mark>);
    end = start + length;
  }
  return (
    <>
      {parts}
      {text.slice(end)}
    </>
  );
}

export function MarkedSnippet({ snippet: { text, marks, before, behind } }: { readonly snippet: Snippet }) {
  return (
    <bdi>
      {before ? '…' : ''}
      <Marked text={text} marks={marks} />
      {behind ? '…' : ''}
    </bdi>
  );
}
