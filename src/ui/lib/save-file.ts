/** Hands a file to the reader: the browser saves it, or asks where to. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download may be asked about first, and reads the Blob only then.
  setTimeout(() => URL.revokeObjectURL(url), 10 * 60_000);
}

/** `2026-11-24`, in the reader's own day. */
export function today(now = new Date()): string {
  const [month, day] = [now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${now.getFullYear()}-${month}-${day}`;
}
