/** The interface without an engine: `?stage=open` and the other scenes of fake-session.ts. Never part of the build. */
import { mount } from '../app/mount.tsx';
import { fakeSession, sceneFrom } from './fake-session.ts';

const silent = { post: () => undefined, listen: () => () => undefined };
const scene = sceneFrom(new URLSearchParams(location.search));
const session = fakeSession(scene);
Object.assign(globalThis, { session });
await mount(session, { wire: silent, broken: new Promise<void>(() => undefined) });
