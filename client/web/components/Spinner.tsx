import './spinner.css';

/** Says nothing by itself: whoever shows it has the words. */
export function Spinner() {
  return <span className="spinner" aria-hidden="true" />;
}
