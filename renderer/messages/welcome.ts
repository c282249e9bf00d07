/** Texts of the start screen. */
export const welcome = {
  title: 'Teach a network to tell your images apart',
  lead: 'Freeze what a pretrained network knows, thaw what should learn, watch it train, and take the model with you. Everything stays on this machine.',
  sample: 'Open the sample',
  sampleHint: '480 small images in 6 classes, ready to train',
  own: 'Your own images',
  recent: 'Recent',
  noRecent: 'What you open appears here.',
  forget: (name: string) => `Take ${name} off the list`,
  tourTitle: 'New here?',
  tourText: 'A short tour shows where everything is.',
  tourStart: 'Take the tour',
  tourSkip: 'No thanks',
  choose: 'Choose a folder on this machine…',
} as const;
