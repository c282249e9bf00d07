/** Outlines on a 24 × 24 grid. */
const paths = {
  logo: 'M12 3l9 9-9 9-9-9zM12 8l4 4-4 4-4-4z',
  data: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  network: 'M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9zM12 12v9M12 12l7.8-4.5M12 12L4.2 7.5',
  training: 'M3 17c3 0 3-10 6-10s3 8 6 8 3-6 6-6',
  insight:
    'M12 12m-8.5 0a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M12 12m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0',
  export: 'M12 15V4M7.5 8.5L12 4l4.5 4.5M4 14v6h16v-6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6L6 18',
  sun: 'M12 12m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3l1.8 1.8M16.9 16.9l1.8 1.8M18.7 5.3l-1.8 1.8M7.1 16.9l-1.8 1.8',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  system: 'M3 5h18v11H3zM8 20h8M12 16v4',
  help: 'M12 12m-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0M9.3 9.3a2.8 2.8 0 1 1 3.9 2.6c-.8.4-1.2.9-1.2 1.8M12 17v.2',
  search: 'M11 11m-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0M16 16l4.5 4.5',
  play: 'M7 4.5l12 7.5-12 7.5z',
  pause: 'M8 5v14M16 5v14',
  stop: 'M6 6h12v12H6z',
  flag: 'M6 21V4h11l-2 4 2 4H6',
  plus: 'M12 5v14M5 12h14',
  undo: 'M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3',
  redo: 'M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3',
  eyeOff:
    'M4 4l16 16M10 6.3A9 9 0 0 1 12 6c5 0 8.5 4.5 9 6-.2.6-.9 1.8-2 3M6.5 7.7C4.5 9 3.3 11 3 12c.5 1.5 4 6 9 6 1.5 0 2.9-.4 4-1',
  move: 'M4 12h14M13 6.5L18.5 12 13 17.5',
  pin: 'M9 3h6l-1 6 3 3v2H7v-2l3-3zM12 14v7',
  more: 'M12 5.5v.2M12 12v.2M12 18.5v.2',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  edit: 'M4 20h4L19 9l-4-4L4 16z',
  trash: 'M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13',
  download: 'M12 4v11M7.5 10.5L12 15l4.5-4.5M4 20h16',
  folder: 'M3 6h6l2 2.5h10V19H3z',
  image: 'M3.5 5h17v14h-17zM4 17l5-5 4 4 3-3 4.5 4.5M15.5 9.5m-1.2 0a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0',
  camera: 'M3 7h4l2-2.5h6L17 7h4v12H3zM12 13m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0',
  warning: 'M12 4l9 16H3zM12 10v4.5M12 17.3v.2',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  clock: 'M12 12m-8.5 0a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M12 7.5V12l3 2',
} as const;

export type IconName = keyof typeof paths;

interface IconProps {
  readonly name: IconName;
  /** Side in pixels. */
  readonly size?: number;
}

/** An icon beside a text that says the same. */
export function Icon({ name, size = 18 }: IconProps) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden focusable={false}>
      <path d={paths[name]} />
    </svg>
  );
}
