/** "Create SR" in the toolbar, always in sight; the stock viewer has it only in the measurement panel. */
export const createReportButton = {
  id: 'AzureCreateReport',
  uiType: 'ohif.toolButton',
  props: {
    type: 'action',
    icon: 'Export',
    label: 'Create SR',
    tooltip: 'Save the measurements as a report (Create SR)',
    commands: 'promptSaveReport',
    evaluate: 'evaluate.action',
  },
};
