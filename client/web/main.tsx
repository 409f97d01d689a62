/** The page: finds or becomes the tab that runs the engine, and shows the app over it. */
import { mount } from './app/mount.tsx';
import { connect } from './workers/connect.ts';
import { leadWhenFirst } from './workers/lead.ts';
import { broadcastWire } from './workers/protocol.ts';
import { startEngine } from './workers/start.ts';

const wire = broadcastWire();
const { session } = connect(wire);
const broken = new Promise<void>((resolve) => {
  // Plain http on anything but this machine: the browser gives neither locks nor key material there.
  if (!isSecureContext) resolve();
  else leadWhenFirst(() => startEngine(resolve));
});
await mount(session, { wire, broken });
