import { words } from "../language/language";
import { classes } from "./class-names";
import "./skeleton.css";

export interface SkeletonProps {
  /** row: a list row with a face. talk: bubbles of a timeline. lines: text. */
  shape: "row" | "talk" | "lines";
  count?: number;
}

/** The shape of what comes. */
export function Skeleton({ shape, count = 6 }: SkeletonProps) {
  return (
    <div class="skeleton" role="status" aria-busy="true">
      <span class="unseen">{words.value.words.loading}</span>
      {Array.from({ length: count }, (_, at) => (
        <div
          key={at}
          class={classes(`skeleton-${shape}`, `skeleton-width-${at % 4}`, at % 3 === 2 && "skeleton-mine")}
        >
          {shape !== "lines" && <span class="skeleton-face" />}
          <span class="skeleton-words">
            <span class="skeleton-bar" />
            {shape !== "lines" && <span class="skeleton-bar skeleton-bar-long" />}
          </span>
        </div>
      ))}
    </div>
  );
}
