import { sampleToExport } from '../journeys/sampleToExport.ts';
import { StudioPage } from '../pages/studioPage.ts';
import { test } from './fixture.ts';

test('the window takes the sample to a model that another process loads', async ({ start }) => {
  const { page, data } = await start();
  await sampleToExport(new StudioPage(page), { data, pictures: 'window-' });
});
