import { useEffect, useState } from "preact/hooks";
import type { Message, Preview } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import "./preview-card.css";

interface PreviewCardProps {
  room: string;
  seq: Message["seq"];
  preview: Preview;
}

/** What stands behind a message's link: its picture from our server, and the words of that page as text nodes alone. */
export function PreviewCard({ room, seq, preview }: PreviewCardProps) {
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
      {preview.image && <Picture room={room} seq={seq} image={preview.image} />}
      <span class="preview-words">
        <span class="preview-site truncate">{preview.site}</span>
        <span class="preview-title">{preview.title}</span>
        {preview.text && <span class="preview-text">{preview.text}</span>}
      </span>
    </a>
  );
}

/** Its place is kept before it comes, so that nothing moves. */
function Picture({ room, seq, image }: { room: string; seq: number; image: string }) {
  const [url, setUrl] = useState<string | null>(null);
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    let isWanted = true;
    setGone(false);
    void client.linkPicture(room, seq, image).then((found) => isWanted && setUrl(found));
    return () => {
      isWanted = false;
    };
  }, [room, seq, image]);
  if (isGone) return null;
  return (
    <span class="preview-picture">
      {url && <img src={url} alt="" loading="lazy" draggable={false} onError={() => setGone(true)} />}
    </span>
  );
}
