const size = (bytes: number) =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** Texts of the window's frame: bar, rail, tour, commands, theme. */
export const frame = {
  home: 'Start screen',
  rail: 'Stations',
  railState: { done: 'done', next: 'next step', busy: 'at work', later: 'not yet' },
  commands: 'Commands',
  commandsHint: 'Commands (Ctrl K)',
  findCommand: 'Type a command or a station…',
  noCommand: 'No command matches.',
  closeCommands: 'Close commands',
  commandGroups: { go: 'Go to', training: 'Training', data: 'Data', window: 'Window' },
  openSample: 'Open the sample images',
  themes: { system: 'Follow the system', light: 'Light', dark: 'Dark' },
  theme: 'Theme',
  themeCommand: (theme: string) => `Theme: ${theme}`,
  help: 'Take the tour',
  dismiss: 'Dismiss',
  loading: (station: string) => `Opening ${station}…`,
  broken: {
    title: 'This station cannot be shown',
    explain:
      'A part of the page could not be loaded, or broke. Trainings go on; reloading the page finds them again.',
    reload: 'Reload the page',
  },
  engine: {
    title: 'Engine',
    looking: 'Looking at the engine…',
    native: 'Native engine',
    portable: 'Portable mode',
    portableHint: 'Only the head can be trained, and more slowly. The native runtime trains every layer.',
    setUp: 'Set up the native runtime',
    settingUp: 'Setting up…',
    ready: 'The native runtime is ready.',
    memory: 'Memory of the engine',
    details: 'State of the engine',
  },
  cache: {
    title: 'Kept for later',
    features: 'Features kept',
    scans: 'Images known',
    files: (count: string) => `${count} files`,
    ofAtMost: (bytes: number, limit: number) => `${size(bytes)} of at most ${size(limit)}`,
    hint: 'Unchanged images are neither decoded nor run through frozen layers again. Clearing loses nothing but time.',
    clear: 'Clear what is kept',
  },
  tour: {
    step: (step: number, steps: number) => `${step} of ${steps}`,
    next: 'Next',
    back: 'Back',
    end: 'Start',
    skip: 'Skip the tour',
    steps: [
      {
        anchor: 'data',
        title: 'Bring your images',
        text: 'Drop a folder with one folder of images for each class. Thaw scans it and says what is wrong; nothing on your disk is changed.',
      },
      {
        anchor: 'network',
        title: 'Choose what learns',
        text: 'The pretrained network as blocks. Ice blue is frozen and keeps what it knows; click a block to thaw it, so that it learns from your images.',
      },
      {
        anchor: 'training',
        title: 'Train and watch',
        text: 'Curves are drawn while it learns. Pause, stop and keep the best, then thaw more and train on from there.',
      },
      {
        anchor: 'insight',
        title: 'See where it errs',
        text: 'Which classes are mixed up, on which images, and how sure the model was. Drop an image or use the camera to ask it.',
      },
      {
        anchor: 'export',
        title: 'Take it with you',
        text: 'The model in a format that runs elsewhere, checked to give the same answers there.',
      },
    ],
  },
} as const;
