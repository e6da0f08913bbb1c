/** Pictures that were sent from this page: shown from what is here, without asking the server for them. */

const MOST = 60;
const kept = new Map<string, string>();

export function keepPreview(id: string, file: File): void {
  if (!file.type.startsWith("image/")) return;
  kept.set(id, URL.createObjectURL(file));
  for (const [oldest, url] of kept) {
    if (kept.size <= MOST) break;
    kept.delete(oldest);
    URL.revokeObjectURL(url);
  }
}

export function previewOf(id: string): string | undefined {
  return kept.get(id);
}
