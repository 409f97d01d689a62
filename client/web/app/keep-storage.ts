/** Asks the browser, once, not to clear the vault when the disk runs full. Some browsers only grant it on a gesture. */
export async function keepStorage(): Promise<boolean> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}
