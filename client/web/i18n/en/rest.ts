/** What is said once something is unlocked. */
import alarm from './alarm.json' with { type: 'json' };
import backup from './backup.json' with { type: 'json' };
import boards from './boards.json' with { type: 'json' };
import composer from './composer.json' with { type: 'json' };
import connection from './connection.json' with { type: 'json' };
import event from './event.json' with { type: 'json' };
import files from './files.json' with { type: 'json' };
import invite from './invite.json' with { type: 'json' };
import media from './media.json' with { type: 'json' };
import nav from './nav.json' with { type: 'json' };
import notify from './notify.json' with { type: 'json' };
import people from './people.json' with { type: 'json' };
import refused from './refused.json' with { type: 'json' };
import repair from './repair.json' with { type: 'json' };
import roles from './roles.json' with { type: 'json' };
import room from './room.json' with { type: 'json' };
import rooms from './rooms.json' with { type: 'json' };
import search from './search.json' with { type: 'json' };
import settings from './settings.json' with { type: 'json' };
import threads from './threads.json' with { type: 'json' };
import timeline from './timeline.json' with { type: 'json' };
import verify from './verify.json' with { type: 'json' };

export const rest = { alarm, backup, boards, composer, connection, event, files, invite, media, nav, notify, people, refused, repair, roles, room, rooms, search, settings, threads, timeline, verify };
