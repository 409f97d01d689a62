import { useEffect, useState } from 'react';

/** An address of these bytes within the page, under a type that was chosen here; gone with whoever asked. */
export function useAddress(bytes: Blob | undefined, type: string | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (bytes === undefined || type === undefined) return;
    const made = URL.createObjectURL(new Blob([bytes], { type }));
    setAddress(made);
    return () => {
      setAddress(undefined);
      URL.revokeObjectURL(made);
    };
  }, [bytes, type]);
  return address;
}
