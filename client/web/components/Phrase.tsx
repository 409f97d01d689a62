import './phrase.css';

/** The words two people compare, in their order and big enough to read aloud. */
export function Phrase({ words, label, size = 'm' }: { readonly words: readonly string[]; readonly label: string; readonly size?: 'm' | 'l' }) {
  return (
    <ol className={`phrase phrase-${size}`} aria-label={label} data-testid="phrase">
      {words.map((word, index) => (
        <li key={index} className="phrase-word" lang="en" translate="no">
          {word}
        </li>
      ))}
    </ol>
  );
}
