import { classes } from "../parts/class-names";
import { type Block, blocks, type Inline, inline } from "./formatting";
import { type Named, namedPieces } from "./naming";
import { myId } from "./people-words";
import { isLargeEmoji } from "./text";
import "./formatting.css";
import "./naming.css";

/** A talk's words. Text nodes and elements built here only: nothing in a message is ever read as HTML. */
export function MessageText({ body, named = [] }: { body: string; named?: readonly Named[] }) {
  if (isLargeEmoji(body)) return <span class="emoji-only">{body}</span>;
  const parts = blocks(body);
  return (
    <>
      {parts.map((block, at) => (
        <BlockOf key={at} block={block} named={named} />
      ))}
    </>
  );
}

function BlockOf({ block, named }: { block: Block; named: readonly Named[] }) {
  if (block.kind === "text") return <Words text={block.text} named={named} />;
  if (block.kind === "quote") {
    return (
      <blockquote class="said-quote">
        <Words text={block.text} named={named} />
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
      <Words text={item} named={named} />
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

function Words({ text, named }: { text: string; named: readonly Named[] }) {
  return (
    <>
      {inline(text).map((piece, at) => (
        <PieceOf key={at} piece={piece} named={named} />
      ))}
    </>
  );
}

function PieceOf({ piece, named }: { piece: Inline; named: readonly Named[] }) {
  if (piece.kind === "text") return <WithNames text={piece.text} named={named} />;
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

/** People that the message names stand out; whoever is named themselves, most. */
function WithNames({ text, named }: { text: string; named: readonly Named[] }) {
  return (
    <>
      {namedPieces(text, named).map(({ text: said, id }, at) =>
        id === null ? (
          said
        ) : (
          <span key={at} class={classes("said-name", id === myId() && "said-me")}>
            {said}
          </span>
        ),
      )}
    </>
  );
}
