/** Names of the channels between the window's preload script and the application. */
export const windowChannels = {
  /** The page opens its connection. */
  connect: 'thaw:connect',
  /** A `PageRequest`. */
  toHost: 'thaw:to-host',
  /** A `HostMessage`. */
  toPage: 'thaw:to-page',
} as const;
