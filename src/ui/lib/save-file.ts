/** Downloads a file to the user's disk: the browser saves it, or asks where. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser may ask the user first and reads the Blob only afterwards.
  setTimeout(() => URL.revokeObjectURL(url), 10 * 60_000);
}

/** `2026-11-24`, in the user's time zone. */
export function today(now = new Date()): string {
  const [month, day] = [now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${now.getFullYear()}-${month}-${day}`;
}
