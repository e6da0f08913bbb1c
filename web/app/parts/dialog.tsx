import { X } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../language/language";
import { IconButton } from "./button";
import { classes } from "./class-names";
import "./dialog.css";

export interface DialogProps {
  title: string;
  /** The title is for screen readers alone, when the content has its own head. */
  hideTitle?: boolean;
  onClose: () => void;
  children: ComponentChildren;
  /** Buttons at the foot; the last is the one that does it. */
  actions?: ComponentChildren;
  /** small: a question. medium: a form or a card. tall: a list that fills the height. top: hangs from the top. */
  shape?: "small" | "medium" | "tall" | "top";
}

/** A question or a form over the screen. The platform keeps the focus in it; Esc and a press outside close it. */
export function Dialog({ title, hideTitle, onClose, children, actions, shape = "small" }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>("[autofocus]")?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={classes("dialog", `dialog-${shape}`)}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.key === "Escape" && event.stopPropagation()}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="dialog-box">
        <header class={hideTitle ? "unseen" : "dialog-head"}>
          <h2 id={id} class="dialog-title">
            {title}
          </h2>
          {!hideTitle && shape !== "small" && (
            <IconButton icon={X} label={words.value.words.close} size="small" onPress={onClose} />
          )}
        </header>
        <div class="dialog-body">{children}</div>
        {actions && <footer class="dialog-actions">{actions}</footer>}
      </div>
    </dialog>
  );
}
