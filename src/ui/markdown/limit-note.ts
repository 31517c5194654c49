/** A plain word, in the text, where a limit has changed how it is shown. */
export function limitNote(words: string): HTMLElement {
  const note = document.createElement('p');
  note.className = 'limit';
  note.textContent = words;
  return note;
}
