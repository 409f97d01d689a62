/** Screens not needed to read and write: left out of the first load, fetched once the app stands. */
import { lazy } from 'react';
import { restOfWords } from '../i18n/index.ts';

const loaders = {
  announcements: async () => ({ default: (await import('../features/boards/AnnouncementsScreen.tsx')).AnnouncementsScreen }),
  announcement: async () => ({ default: (await import('../features/boards/AnnouncementScreen.tsx')).AnnouncementScreen }),
  boards: async () => ({ default: (await import('../features/boards/BoardsScreen.tsx')).BoardsScreen }),
  desk: async () => ({ default: (await import('../features/boards/desk/DeskScreen.tsx')).DeskScreen }),
  writing: async () => ({ default: (await import('../features/boards/writing/WritingScreen.tsx')).WritingScreen }),
  switcher: async () => ({ default: (await import('../features/rooms/RoomSwitcher.tsx')).RoomSwitcher }),
  invite: async () => ({ default: (await import('../features/invite/InviteScreen.tsx')).InviteScreen }),
  threads: async () => ({ default: (await import('../features/threads/ThreadsScreen.tsx')).ThreadsScreen }),
  saved: async () => ({ default: (await import('../features/saved/SavedScreen.tsx')).SavedScreen }),
  thread: async () => ({ default: (await import('../features/threads/ThreadPane.tsx')).ThreadPane }),
  people: async () => ({ default: (await import('../features/people/RoomPeople.tsx')).RoomPeople }),
  pins: async () => ({ default: (await import('../features/saved/PinsPane.tsx')).PinsPane }),
  keys: async () => ({ default: (await import('../features/talk/KeysDialog.tsx')).KeysDialog }),
  dialogs: async () => ({ default: (await import('../features/talk/TalkDialogs.tsx')).TalkDialogs }),
  devices: async () => ({ default: (await import('../features/devices/DevicesScreen.tsx')).DevicesScreen }),
  search: async () => ({ default: (await import('../features/search/SearchScreen.tsx')).SearchScreen }),
  notify: async () => ({ default: (await import('../features/notify/Notify.tsx')).Notify }),
  settings: async () => ({ default: (await import('../features/settings/SettingsScreen.tsx')).SettingsScreen }),
};

async function loadShell() {
  const [{ Shell }] = await Promise.all([import('./Shell.tsx'), restOfWords()]);
  return { default: Shell };
}

export const Shell = lazy(loadShell);
export const AnnouncementsScreen = lazy(loaders.announcements);
export const AnnouncementScreen = lazy(loaders.announcement);
export const BoardsScreen = lazy(loaders.boards);
export const DeskScreen = lazy(loaders.desk);
export const WritingScreen = lazy(loaders.writing);
export const RoomSwitcher = lazy(loaders.switcher);
export const ThreadsScreen = lazy(loaders.threads);
export const SavedScreen = lazy(loaders.saved);
export const ThreadPane = lazy(loaders.thread);
export const RoomPeople = lazy(loaders.people);
export const PinsPane = lazy(loaders.pins);
export const KeysDialog = lazy(loaders.keys);
export const TalkDialogs = lazy(loaders.dialogs);
export const InviteScreen = lazy(loaders.invite);
export const DevicesScreen = lazy(loaders.devices);
export const SearchScreen = lazy(loaders.search);
export const Notify = lazy(loaders.notify);
export const SettingsScreen = lazy(loaders.settings);

/** What stands behind the lock: fetched as soon as the first screen shows. */
export function fetchShell(): void {
  void loadShell().catch(() => undefined);
}

/** Fetches them all at a quiet moment, so that opening one later asks the server for nothing. */
export function fetchLater(): void {
  setTimeout(() => Object.values(loaders).forEach((load) => void load().catch(() => undefined)), 1500);
}
