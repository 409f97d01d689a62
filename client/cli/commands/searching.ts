/** Looking for what was said, on this device. */
import type { SearchPage } from '#core/session/api.ts';
import type { Command, Context } from '../command.ts';
import { nameOf } from '../find.ts';
import { plainLine } from '../output.ts';

const A_PAGE = 100;

export const search: Command = {
  words: ['search'],
  places: ['WORDS'],
  flags: [],
  help: 'Find messages in all rooms, newest first. All of the WORDS must be there, each at least by its beginning; "a phrase" stands in quotes. '
    + 'Filters: from:NAME in:ROOM has:image|file|voice|video|link is:pinned|saved|mine mentions:me before: after: on:YYYY-MM-DD.',
  needs: 'open',
  async run(context) {
    const { session, places: [text = ''] } = context;
    const names = new Map((await session.rooms()).map(({ id, name }) => [id, name]));
    let page = await session.search({ text }, { limit: A_PAGE, whole: true });
    for (const filter of page.unclear) context.out.tell(`“${plainLine(filter)}” is not a filter that fits anything here.`);
    if (page.hits.length === 0) context.out.tell('Nothing found.');
    show(context, page, names);
    while (page.cursor !== undefined && !context.ending.aborted) {
      page = await session.search({ text }, { limit: A_PAGE, cursor: page.cursor });
      show(context, page, names);
    }
  },
};

function show({ out }: Context, { hits }: SearchPage, names: ReadonlyMap<string, string>): void {
  for (const { room, place: { id, seq, thread }, sender, at, snippet, file } of hits) {
    const said = [file === undefined ? '' : `[file] ${file.name}`, snippet?.text ?? ''].filter((part) => part !== '').join(' ');
    const name = names.get(room) ?? room;
    out.say(
      { id, seq, room, roomName: name, sender: nameOf(sender), at, text: snippet?.text ?? '', ...(thread && { thread: thread.id }), ...(file && { file: file.name }) },
      `${new Date(at).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' })}  ${plainLine(name)}, ${plainLine(nameOf(sender))}: ${plainLine(said)}`,
    );
  }
}
