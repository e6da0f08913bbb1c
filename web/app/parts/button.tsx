import type { LucideIcon } from "lucide-preact";
import type { ComponentChildren, Ref } from "preact";
import { classes } from "./class-names";
import "./button.css";

type Press = (event: MouseEvent & { currentTarget: HTMLButtonElement }) => void;

interface Shared {
  onPress?: Press | undefined;
  /** Before the press: for a button that must not take the focus from a field (`preventDefault`). */
  onPointerDown?: ((event: PointerEvent) => void) | undefined;
  disabled?: boolean | undefined;
  class?: string | undefined;
  type?: "button" | "submit";
  /** -1 where arrows lead to it, or another way. */
  tabIndex?: number | undefined;
  innerRef?: Ref<HTMLButtonElement> | undefined;
}

export interface ButtonProps extends Shared {
  /** primary: the one thing to do here. plain: with an edge. quiet: words alone. danger: takes something away. */
  kind?: "primary" | "plain" | "quiet" | "danger";
  size?: "medium" | "small";
  /** It is being done: the button keeps its place and takes no second press. */
  busy?: boolean;
  /** As wide as what holds it. */
  wide?: boolean;
  icon?: LucideIcon;
  children: ComponentChildren;
}

export function Button(props: ButtonProps) {
  const { kind = "plain", size = "medium", busy = false, wide = false, icon: Icon, type = "button" } = props;
  return (
    <button
      ref={props.innerRef}
      type={type}
      class={classes(
        "button",
        `button-${kind}`,
        size === "small" && "button-small",
        wide && "button-wide",
        props.class,
      )}
      disabled={props.disabled}
      aria-busy={busy || undefined}
      onPointerDown={props.onPointerDown}
      onClick={busy ? undefined : props.onPress}
    >
      {Icon && <Icon size={16} aria-hidden="true" />}
      <span class="truncate">{props.children}</span>
    </button>
  );
}

export interface IconButtonProps extends Shared {
  icon: LucideIcon;
  /** What it does: its name for a screen reader, and its tooltip. */
  label: string;
  /** For a toggle: whether it is on. */
  pressed?: boolean | undefined;
  /** For a button that opens something: whether that is open. */
  expanded?: boolean | undefined;
  /** Says that it opens a menu or a dialog. */
  opens?: "menu" | "dialog" | undefined;
  size?: "medium" | "small";
  kind?: "quiet" | "primary";
}

export function IconButton(props: IconButtonProps) {
  const { icon: Icon, label, size = "medium", kind = "quiet", type = "button" } = props;
  return (
    <button
      ref={props.innerRef}
      type={type}
      class={classes(
        "icon-button",
        kind === "primary" && "icon-button-primary",
        size === "small" && "icon-button-small",
        props.class,
      )}
      aria-label={label}
      data-tip={label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-haspopup={props.opens}
      disabled={props.disabled}
      tabIndex={props.tabIndex}
      onPointerDown={props.onPointerDown}
      onClick={props.onPress}
    >
      <Icon size={size === "small" ? 16 : 20} aria-hidden="true" />
    </button>
  );
}
