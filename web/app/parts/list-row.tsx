import type { ComponentChildren } from "preact";
import { classes } from "./class-names";
import "./list-row.css";

export interface ListRowProps {
  /** At the start: an Avatar or a mosaic. */
  lead?: ComponentChildren;
  title: ComponentChildren;
  /** Right behind the title: job, number of members, small marks. */
  aside?: ComponentChildren;
  /** At the end of the first line: a time. */
  time?: ComponentChildren;
  /** The second line. */
  detail?: ComponentChildren;
  /** At the end of the second line: a Badge. */
  end?: ComponentChildren;
  selected?: boolean;
  /** A row that goes somewhere is a link: it opens in a new tab like any other. */
  href?: string;
  onPress?: (event: MouseEvent) => void;
  onContextMenu?: (event: MouseEvent) => void;
  class?: string;
  /** The whole of it in words, where the parts alone would be read badly. */
  label?: string;
  tabIndex?: number;
  id?: string;
}

export function ListRow(props: ListRowProps) {
  const inside = (
    <>
      {props.lead}
      <span class="list-row-words">
        <span class="list-row-line">
          <span class="list-row-title truncate">{props.title}</span>
          {props.aside && <span class="list-row-aside truncate">{props.aside}</span>}
          {props.time && <span class="list-row-time figures">{props.time}</span>}
        </span>
        {(props.detail || props.end) && (
          <span class="list-row-line">
            <span class="list-row-detail truncate">{props.detail}</span>
            {props.end}
          </span>
        )}
      </span>
    </>
  );
  const shared = {
    id: props.id,
    class: classes("list-row", props.selected && "list-row-selected", props.class),
    "aria-current": props.selected ? ("true" as const) : undefined,
    "aria-label": props.label,
    tabIndex: props.tabIndex,
    onClick: props.onPress,
    onContextMenu: props.onContextMenu,
  };
  return props.href ? (
    <a {...shared} href={props.href} draggable={false}>
      {inside}
    </a>
  ) : (
    <button {...shared} type="button">
      {inside}
    </button>
  );
}
