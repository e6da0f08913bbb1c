/** A place of our own in the host's page: behind a closed shadow root, with style sheets that no host policy stops. */
import styles from "./embed.css?inline";

/** Beside the body, so that no rule or script of the host that goes by the body's children sees it. */
export function makeShade(): { host: HTMLElement; root: ShadowRoot } {
  const host = document.createElement("sendjay-messenger");
  const root = host.attachShadow({ mode: "closed" });
  dress(root, styles);
  document.documentElement.append(host);
  return { host, root };
}

/** By a constructed sheet: a policy without 'unsafe-inline' stops every other kind. */
export function dress(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
}

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
