import mode, { modeFactory } from './index.ts';
import { MEASUREMENT_PANEL, type ModeInstance } from './stockMode.ts';

const stock = (): ModeInstance => ({
  id: '@ohif/mode-basic',
  routeName: 'basic',
  displayName: 'Basic',
  isValidMode: () => ({ valid: false, description: '' }),
  toolbarButtons: [{ $reference: 'cornerstone.toolbarButtons' }],
  toolbarSections: [{ $reference: 'cornerstone.toolbarSections' }],
  routes: [
    {
      path: 'basic',
      layoutTemplate: () => undefined,
      layoutInstance: {
        id: 'layout',
        props: { leftPanels: ['thumbnails'], rightPanelClosed: true },
      },
    },
  ],
});

const make = (loadModules = async () => [{ modeFactory: stock }]) => modeFactory({ loadModules });

it('has the id of its package', async () => {
  expect(mode.id).toBe('@ohif-azure/mode-azure');
  expect((await make()).id).toBe(mode.id);
});

it('keeps what the stock mode has, and opens the measurement panel', async () => {
  const { routeName, routes, toolbarSections } = await make();
  expect(routeName).toBe('azure');
  expect(routes[0]?.layoutInstance?.props).toMatchObject({
    leftPanels: ['thumbnails'],
    rightPanelClosed: false,
    rightPanels: expect.arrayContaining([MEASUREMENT_PANEL]),
  });
  expect(toolbarSections).toEqual([
    { $reference: 'cornerstone.toolbarSections' },
    { secondary: ['AzureCreateReport'] },
  ]);
});

/** The stock modes refuse `''`: the service does not tell a study's modalities unless asked. */
it.each(['', 'MR', 'SR', 'CT\\SR', 'DOC', 'XYZ'])(
  'opens a study of modalities %j',
  async modalities => {
    const { isValidMode } = await make();
    expect(isValidMode({ modalities }).valid).toBe(true);
  }
);

it('says so where the viewer lacks the stock mode', async () => {
  await expect(make(async () => [])).rejects.toThrow('@ohif/mode-basic is not part of this viewer');
});
