import { type Block, blocks, type Inline, inline } from "./formatting";
import { isLargeEmoji } from "./text";
import "./formatting.css";

/** A talk's words. Text nodes and elements built here only: nothing in a message is ever read as HTML. */
export function MessageText({ body }: { body: string }) {
  if (isLargeEmoji(body)) return <span class="emoji-only">{body}</span>;
  const parts = blocks(body);
  return (
    <>
      {parts.map((block, at) => (
        <BlockOf key={at} block={block} />
      ))}
    </>
  );
}

function BlockOf({ block }: { block: Block }) {
  if (block.kind === "text") return <Words text={block.text} />;
  if (block.kind === "quote") {
    return (
      <blockquote class="said-quote">
        <Words text={block.text} />
      </blockquote>
    );
  }
  if (block.kind === "code") {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      <pre class="said-block" tabIndex={0}>
        <code>{block.text}</code>
      </pre>
    );
  }
  const items = block.items.map((item, at) => (
    <li key={at}>
      <Words text={item} />
    </li>
  ));
  return block.ordered ? (
    <ol class="said-list" start={block.first}>
      {items}
    </ol>
  ) : (
    <ul class="said-list said-bullets">{items}</ul>
  );
}

function Words({ text }: { text: string }) {
  return (
    <>
      {inline(text).map((piece, at) => (
        <PieceOf key={at} piece={piece} />
      ))}
    </>
  );
}

function PieceOf({ piece }: { piece: Inline }) {
  if (piece.kind === "text") return <>{piece.text}</>;
  if (piece.kind === "bold") return <strong>{piece.text}</strong>;
  if (piece.kind === "italic") return <em>{piece.text}</em>;
  if (piece.kind === "code") return <code class="said-code">{piece.text}</code>;
  return (
    // The page that is opened must not reach back here, nor learn where it was opened from.
    <a class="text-link" href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
      {piece.text}
    </a>
  );
}
