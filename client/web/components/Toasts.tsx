/** Short good news and small failures, for a few seconds, in a polite live region. */
import { X } from 'lucide-react';
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import './toasts.css';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'danger';
}
type Say = (text: string, tone?: Toast['tone']) => void;

const SHOWN_MS = 6000;
const Context = createContext<Say>(() => undefined);
export const useSay = (): Say => useContext(Context);

export function Toasts({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const drop = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const say = useCallback<Say>(
    (text, tone = 'plain') => {
      const id = next.current++;
      // Good news makes way for newer news; what went wrong stays its time.
      setToasts((all) => [...all.filter((toast) => toast.tone === 'danger').slice(-2), { id, text, tone }]);
      setTimeout(() => drop(id), SHOWN_MS);
    },
    [drop],
  );
  const list = useMemo(
    () =>
      toasts.map(({ id, text, tone }) => (
        <div key={id} className={`toast toast-${tone}`}>
          <p dir="auto">{text}</p>
          <IconButton label={t('common.dismiss')} onPress={() => drop(id)}>
            <X size={16} />
          </IconButton>
        </div>
      )),
    [toasts, drop, t],
  );
  return (
    <Context value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {list}
      </div>
    </Context>
  );
}
