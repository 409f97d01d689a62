/** What is said before anything is unlocked: part of what a browser loads first. */
import app from './app.json' with { type: 'json' };
import common from './common.json' with { type: 'json' };
import devices from './devices.json' with { type: 'json' };
import erase from './erase.json' with { type: 'json' };
import failure from './failure.json' with { type: 'json' };
import founding from './founding.json' with { type: 'json' };
import joining from './joining.json' with { type: 'json' };
import profile from './profile.json' with { type: 'json' };
import restore from './restore.json' with { type: 'json' };
import unlock from './unlock.json' with { type: 'json' };
import waiting from './waiting.json' with { type: 'json' };
import welcome from './welcome.json' with { type: 'json' };

export const first = { app, common, devices, erase, failure, founding, joining, profile, restore, unlock, waiting, welcome };
