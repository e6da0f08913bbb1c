import type { LucideIcon } from "lucide-preact";
import type { ComponentChildren } from "preact";
import "./empty.css";

export interface EmptyProps {
  icon?: LucideIcon;
  title: string;
  /** The one thing this emptiness teaches. */
  body?: string;
  /** A Button. */
  action?: ComponentChildren;
}

export function Empty({ icon: Icon, title, body, action }: EmptyProps) {
  return (
    <div class="empty">
      {Icon && (
        <span class="empty-icon">
          <Icon size={24} aria-hidden="true" />
        </span>
      )}
      <p class="empty-title prose">{title}</p>
      {body && <p class="empty-body prose">{body}</p>}
      {action}
    </div>
  );
}
