import { classes } from "../parts/class-names";
import "./mark.css";

/** The feather. */
export function Mark({ class: extra }: { class?: string }) {
  return (
    <svg class={classes("mark", extra)} viewBox="0 0 32 32" aria-hidden="true">
      <path
        class="mark-vane"
        d="M27.5 4.5C20 3.6 12.6 6.4 9 12c-2.4 3.8-2.6 8-1.9 11.2 5 .5 10.600-.4 14.600-4.200 1.300-1.300 2.300-2.700 3.100-4.200l-4.200.2 5.200-2.500c1.200-2.700 1.700-5.500 1.700-8z"
      />
      <path class="mark-quill" d="M4.500 28.500C8 21 13.500 14.500 20.500 10.500" />
    </svg>
  );
}
