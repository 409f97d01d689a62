/** The oldest Node that can install and build Thicket. The relay itself runs on the Node 24 that comes with the packages. */
export const OLDEST_NODE = 20;
/** The oldest Node the relay runs on. */
export const RELAY_NODE = 24;

/** Ends the process with one line if this Node is too old. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_NODE) return;
  console.error(`Thicket needs Node ${OLDEST_NODE} or newer; this is Node ${process.versions.node}. Get a newer one from https://nodejs.org/.`);
  process.exit(1);
}
