import { signal } from "@preact/signals";

/** The picture or video that is looked at, by file id; null: none. */
export const viewed = signal<string | null>(null);

export function openViewer(file: string): void {
  viewed.value = file;
}

export function closeViewer(): void {
  viewed.value = null;
}
