import type { Preview } from "../../core";
import { words } from "../language/language";
import "./preview-card.css";

/** What stands behind a message's link, in the words of that page: text nodes alone. */
export function PreviewCard({ preview }: { preview: Preview }) {
  if (!/^https?:\/\//iu.test(preview.url)) return null;
  return (
    // The page that is opened must not reach back here, nor learn where it was opened from.
    <a
      class="preview-card"
      href={preview.url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      aria-label={words.value.room.preview(preview.title, preview.site)}
    >
      <span class="preview-site truncate">{preview.site}</span>
      <span class="preview-title">{preview.title}</span>
      {preview.text && <span class="preview-text">{preview.text}</span>}
    </a>
  );
}
