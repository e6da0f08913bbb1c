// The English of notifications, of how the messenger opens and of my devices.

import type { koNotify, koSettings } from "./ko-settings";

export const enNotify: typeof koNotify = {
  newTalks: (count) => (count > 1 ? `${count} new messages` : "You have a new message"),
  offer: "Shall this browser tell you of new messages?",
  offerTake: "Notify me",
  offerLater: "Not now",
  ask: "Notify me in this browser",
  tryOne: "Try it",
  tried: "New messages will be shown like this.",
  permission: {
    granted: "This browser notifies you.",
    default: "This browser does not notify you yet.",
    denied:
      "This browser blocks notifications. Allow them in the site settings, to the left of the address bar.",
    unsupported: "This browser cannot show notifications.",
    portal: "The messenger is open inside the portal: notifications are shown there.",
  },
};

export const enSettings: typeof koSettings = {
  notifications: "Notifications",
  notificationsHint: "The same on all of your devices.",
  notify: "Notifications",
  notifyHint: "When off, unread numbers are still shown.",
  sound: "Sound",
  vibration: "Vibration",
  vibrationHint: "On devices that can vibrate.",
  showBody: "Show the text",
  showBodyHint: "When off, you only hear that there is a new message.",
  showSender: "Show the sender",
  showSenderHint: "When off, the name of the room is hidden too.",
  hours: "Hours",
  hoursAlways: "Always",
  hoursChosen: "Between set times",
  hoursFrom: "From",
  hoursTo: "Until",
  hoursHint: "Outside these hours you are not notified.",
  hoursSame: "From and until are the same: you are notified all day.",
  hoursOverMidnight: (to) => `Past midnight, until ${to} of the next day.`,
  opening: "How the messenger opens",
  openingHint: "When you sign in to the portal: in a tab of its own, or quietly behind the portal.",
  openingTab: "In its own tab",
  openingPortal: "Behind the portal",
  devices: "My devices",
  devicesHint:
    "Where you are signed in. If you do not know one of them, sign it out and change your password.",
  devicesFailed: "The list of devices could not be loaded.",
  devicesSignOut: "Sign out all other devices",
  devicesAsk: (count) =>
    count === 1 ? "Sign out your other device?" : `Sign out your ${count} other devices?`,
  deviceWeb: "Web browser",
  deviceApp: "Mobile app",
  deviceThis: "This device",
  deviceConnected: "Connected now",
  deviceSeen: (when) => `Last used ${when}`,
  deviceAsk: (name) => `Sign out ${name}?`,
  deviceBody: "Talks kept on that device are erased.",
  deviceGone: "Signed out.",
};
