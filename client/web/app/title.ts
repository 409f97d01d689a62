/** The title of the page: a name, and in front of it what is unread, where its person wants that. */
let [named, mark] = ['', ''];
const put = (): void => void (document.title = mark + named);

export function nameTitle(name: string): void {
  named = name;
  put();
}
export function markTitle(sign: string): void {
  mark = sign;
  put();
}
