/** Founding and invitation links, those for another device of one's own, and those to boards. Their secret is in the fragment, which the browser never sends to a server. */
export type Link = { readonly kind: 'found' | 'join' | 'link' | 'board'; readonly link: string };

/** A pasted text that holds a link, with whatever a messenger put around it. */
export function parseLink(text: string): Link | undefined {
  const found = /https?:\/\/[^\s#]+#(found|join|link|board)=[\w-]+/.exec(text.trim());
  return found ? { kind: found[1] as Link['kind'], link: found[0] } : undefined;
}

/** Takes a link out of the address bar at once, so that it stays neither on screen nor in the history. */
export function takeLink(location: Pick<Location, 'href' | 'pathname'>, history: Pick<History, 'replaceState' | 'state'>): Link | undefined {
  const link = parseLink(location.href);
  if (link) history.replaceState(history.state, '', location.pathname);
  return link;
}
