/** Those who chose so get the messenger in a tab of its own: once for each sign-in at the portal. */

/** Right away if the browser allows it, else at the person's next click. Returns how to give it up. */
export function openByItself(openTab: () => boolean): () => void {
  if (openTab()) return () => undefined;
  const giveUp = () => document.removeEventListener("click", atClick, true);
  const atClick = () => {
    giveUp();
    openTab();
  };
  document.addEventListener("click", atClick, true);
  return giveUp;
}
