import { isLargeEmoji, pieces } from "./text";

/** A talk's words. Text nodes and links only: nothing in a message is ever read as HTML. */
export function MessageText({ body }: { body: string }) {
  if (isLargeEmoji(body)) return <span class="emoji-only">{body}</span>;
  return (
    <>
      {pieces(body).map((piece, at) =>
        piece.kind === "text" ? (
          piece.text
        ) : (
          // The page that is opened must not reach back here, nor learn where it was opened from.
          <a key={at} class="text-link" href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}
