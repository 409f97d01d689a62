/** Every screen of the interface, and how a person comes to it in the made-up hub. Add a line with every new one. */
import type { Page } from 'playwright-core';

/** A word of the interface in the language of the page. */
export type Words = (key: string) => string;

export interface ScreenOf {
  readonly name: string;
  /** Of the made-up session: client/web/dev/fake-session.ts. */
  readonly scene: string;
  readonly reach?: (page: Page, t: Words) => Promise<unknown>;
}

const room = (page: Page, index = 0) => page.getByTestId('room-link').nth(index).click();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click();
const go = (page: Page, name: string) => page.getByRole('navigation').getByRole('button', { name }).first().click();
const inRoom = (key: string) => async (page: Page, t: Words) => {
  await room(page);
  await press(page, t(key));
};

const inPane = (key: string) => async (page: Page, t: Words) => {
  await inRoom('room.openPeople')(page, t);
  await press(page, t(key));
};
const inSettings = (...keys: readonly string[]) => async (page: Page, t: Words) => {
  await go(page, t('nav.settings'));
  for (const key of keys) await press(page, t(key));
};
const searching = (what: string) => async (page: Page, t: Words) => {
  await room(page);
  await press(page, t('search.openInRoom'));
  await page.getByLabel(t('search.field')).fill(what);
};
const dialog = (page: Page) => page.getByRole('dialog').or(page.getByRole('alertdialog')).first().waitFor();

const onMessage = (key: string) => async (page: Page) => {
  await room(page);
  const own = page.locator('[data-testid="message"][data-own="true"]').last();
  await own.focus();
  await page.keyboard.press(key);
};

const boards = async (page: Page, t: Words) => {
  await go(page, t('boards.title'));
  await press(page, t('boards.all'));
};
/** By its number in the made-up session. */
const announced = (number: number) => async (page: Page, t: Words) => {
  await go(page, t('boards.title'));
  await page.locator(`[data-testid="announcement"][data-id="${number.toString(16).padStart(32, '0')}"]`).click();
  await page.getByTestId('announced').or(page.getByTestId('withdrawn')).first().waitFor();
};
const above = (number: number, key: string) => async (page: Page, t: Words) => {
  await announced(number)(page, t);
  await press(page, t(key));
  await dialog(page);
};
const desk = async (page: Page, t: Words) => {
  await boards(page, t);
  await page.getByRole('button', { name: t('boards.coordinateOf').replace('{{name}}', 'Union news'), exact: true }).click();
};
const writing = async (page: Page, t: Words) => {
  await go(page, t('boards.title'));
  await press(page, t('boards.write'));
};

export const SCREENS: readonly ScreenOf[] = [
  { name: 'welcome', scene: 'stage=empty' },
  { name: 'joining', scene: 'stage=empty#join=AAAA' },
  { name: 'founding', scene: 'stage=empty#found=AAAA' },
  { name: 'restoring', scene: 'stage=empty', reach: (page, t) => press(page, t('restore.open')) },
  { name: 'linking this device', scene: 'stage=empty#link=AAAA' },
  { name: 'waiting', scene: 'stage=waiting' },
  { name: 'waiting in vain', scene: 'stage=waiting&problem=refused' },
  { name: 'unlock', scene: 'stage=locked' },
  { name: 'erasing this device', scene: 'stage=locked', reach: async (page, t) => {
    await press(page, t('erase.action'));
    await dialog(page);
  } },
  { name: 'no rooms', scene: 'bare' },
  { name: 'a new room', scene: '', reach: (page, t) => press(page, t('nav.newRoom')) },
  { name: 'people', scene: '', reach: (page, t) => go(page, t('nav.people')) },
  { name: 'invite', scene: '', reach: (page, t) => go(page, t('nav.invite')) },
  { name: 'settings', scene: '', reach: (page, t) => go(page, t('nav.settings')) },
  { name: 'devices', scene: '', reach: inSettings('devices.open') },
  { name: 'a link for another device', scene: '', reach: async (page, t) => {
    await inSettings('devices.open', 'devices.link')(page, t);
    await page.getByTestId('device-link').waitFor();
  } },
  { name: 'making a backup', scene: '', reach: async (page, t) => {
    await go(page, t('nav.settings'));
    await press(page, t('backup.make'));
    await page.getByTestId('recovery-words').waitFor();
  } },
  { name: 'a room', scene: '', reach: (page) => room(page) },
  { name: 'people of a room', scene: '', reach: inRoom('room.openPeople') },
  { name: 'adding somebody', scene: '', reach: inPane('people.add') },
  { name: 'pictures and files', scene: '', reach: inPane('media.gallery') },
  { name: 'leaving', scene: '', reach: async (page, t) => {
    await inPane('roles.leave')(page, t);
    await dialog(page);
  } },
  { name: 'found', scene: '', reach: async (page, t) => {
    await searching('letter')(page, t);
    await page.locator('.search-hit').first().waitFor();
  } },
  { name: 'nothing found', scene: '', reach: async (page, t) => {
    await searching('zebra')(page, t);
    await page.getByText(t('search.nothing')).first().waitFor();
  } },
  { name: 'a day', scene: '', reach: async (page) => {
    // Where today began may be far above, and what is older comes in over it: from there one goes up once more.
    for (let ups = 0; ups < 6; ups += 1) {
      await onMessage('Home')(page);
      if (await page.locator('.divider-day').first().click({ timeout: 1_000 }).then(() => true, () => false)) break;
    }
    await dialog(page);
  } },
  { name: 'another room', scene: '', reach: async (page) => {
    await page.getByTestId('room-link').first().waitFor();
    await page.keyboard.press('Control+k');
    await dialog(page);
  } },
  { name: 'threads', scene: '', reach: (page, t) => go(page, t('threads.all')) },
  { name: 'saved', scene: '', reach: (page, t) => go(page, t('threads.saved')) },
  { name: 'pinned', scene: '', reach: inRoom('room.pins') },
  { name: 'emoji', scene: '', reach: inRoom('composer.emoji') },
  { name: 'a message and its menu', scene: '', reach: onMessage('Enter') },
  { name: 'a thread', scene: '', reach: onMessage('t') },
  { name: 'deleting', scene: '', reach: onMessage('Delete') },
  { name: 'forwarding', scene: '', reach: onMessage('f') },
  { name: 'naming somebody', scene: '', reach: async (page, t) => {
    await room(page);
    await page.getByLabel(t('composer.label')).pressSequentially('@');
    await page.getByRole('listbox').waitFor();
  } },
  { name: 'keys', scene: '', reach: async (page) => {
    await page.getByTestId('room-link').first().waitFor();
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog').waitFor();
  } },
  { name: 'a room, offline', scene: 'connection=offline', reach: (page) => room(page) },
  { name: 'a room, catching up', scene: 'connection=catching-up', reach: (page) => room(page) },
  { name: 'a room, postage used up', scene: 'postage=used-up&alarm=rolled-back', reach: (page) => room(page) },
  { name: 'a room that stopped', scene: 'health=stuck', reach: (page) => room(page) },
  { name: 'setting a room up anew', scene: 'health=stuck', reach: async (page, t) => {
    await inRoom('repair.setUpAnew')(page, t);
    await dialog(page);
  } },
  { name: 'a room that is being mended', scene: 'health=mending', reach: (page) => room(page) },
  { name: 'a room out of step', scene: 'health=out-of-step', reach: (page) => room(page) },
  { name: 'comparing what the hub has shown', scene: 'alarm=forked', reach: async (page, t) => {
    await inRoom('repair.compare')(page, t);
    await dialog(page);
  } },
  { name: 'a room of a restored device', scene: 'restored', reach: (page) => room(page, 4) },
  { name: 'coming back', scene: 'restored', reach: async (page, t) => {
    await room(page, 4);
    await press(page, t('backup.awayOpen'));
    await page.getByRole('alertdialog').waitFor();
  } },
  { name: 'waiting to come back', scene: 'stage=waiting&restored' },
  { name: 'coming back in vain', scene: 'stage=waiting&restored&problem=refused' },
  { name: 'somebody has a new device', scene: 'changed', reach: async (page) => {
    await room(page);
    await page.locator('[data-event="new-device"]').waitFor();
  } },
  { name: 'comparing a safety phrase', scene: 'changed', reach: async (page, t) => {
    await room(page);
    await page.getByTestId('changed').getByRole('button', { name: t('verify.compare'), exact: true }).click();
    await page.getByTestId('phrase').waitFor();
  } },
  { name: 'announcements', scene: '', reach: async (page, t) => {
    await go(page, t('boards.title'));
    await page.getByTestId('announcement').first().waitFor();
  } },
  { name: 'no announcements', scene: 'boards=none', reach: (page, t) => go(page, t('boards.title')) },
  { name: 'announcements that cannot be read', scene: 'boards=failing', reach: async (page, t) => {
    await go(page, t('boards.title'));
    await page.getByRole('alert').first().waitFor();
  } },
  { name: 'announcements, offline', scene: 'connection=offline&boards=reader', reach: (page, t) => go(page, t('boards.title')) },
  { name: 'an event and its shifts', scene: 'boards=reader', reach: announced(7) },
  { name: 'an urgent announcement', scene: 'boards=reader', reach: announced(8) },
  { name: 'a vote', scene: '', reach: announced(5) },
  { name: 'a corrected announcement', scene: '', reach: announced(3) },
  { name: 'before the correction', scene: '', reach: above(3, 'boards.earlier') },
  { name: 'a withdrawn announcement', scene: '', reach: announced(2) },
  { name: 'sharing an announcement', scene: '', reach: above(7, 'boards.share') },
  { name: 'a map outside', scene: '', reach: above(7, 'boards.openMap') },
  { name: 'answers with names', scene: '', reach: above(7, 'boards.namedAnswers') },
  { name: 'withdrawing', scene: '', reach: above(8, 'boards.withdraw') },
  { name: 'boards', scene: '', reach: boards },
  { name: 'a link to a board, before joining', scene: 'stage=empty#board=AAAA' },
  { name: 'a link to a board', scene: '#board=AAAA', reach: dialog },
  { name: 'a new board', scene: '', reach: async (page, t) => {
    await boards(page, t);
    await press(page, t('boards.make'));
    await dialog(page);
  } },
  { name: 'the coordinators', scene: '', reach: async (page, t) => {
    await desk(page, t);
    await page.getByTestId('proposal').first().waitFor();
    await page.getByLabel(t('boards.findReader')).fill('sa');
    await page.getByTestId('person').first().waitFor();
  } },
  { name: 'what waits for a signature', scene: '', reach: async (page, t) => {
    await desk(page, t);
    await page.getByTestId('proposal').first().getByRole('button').first().click();
    await dialog(page);
  } },
  { name: 'the link of a board', scene: '', reach: async (page, t) => {
    await desk(page, t);
    await press(page, t('boards.showLink'));
    await page.getByTestId('board-link').waitFor();
  } },
  { name: 'writing an announcement', scene: '', reach: async (page, t) => {
    await writing(page, t);
    await page.getByLabel(t('boards.fieldTitle')).fill('Rally');
    await page.getByText(t('boards.eventTick')).click();
    await page.getByText(t('boards.pollTick')).click();
    await press(page, t('boards.addShift'));
  } },
  { name: 'correcting an announcement', scene: '', reach: async (page, t) => {
    await announced(7)(page, t);
    await press(page, t('boards.correct'));
    await page.getByLabel(t('boards.fieldTitle')).waitFor();
  } },
  { name: 'how readers will see it', scene: '', reach: async (page, t) => {
    await announced(7)(page, t);
    await press(page, t('boards.correct'));
    await page.getByText(t('boards.modePreview')).click();
    await page.getByTestId('preview').waitFor();
  } },
  { name: 'a room of the past', scene: '', reach: (page) => room(page, 4) },
];
