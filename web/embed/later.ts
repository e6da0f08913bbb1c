/** The second file: what a page needs only once somebody uses it, or where something is in the way. */
export { StreamSocket } from "../core/stream-socket";
export { electByChannel } from "../core/tabs/channel-election";
export { aboutItem, dressButton, roomWith } from "./chat-button";
export { drag } from "./drag";
export { Notices } from "./notices";
export { Panel } from "./panel";
export { explain, explainSilence } from "./sentences";
export { openByItself } from "./standalone";
