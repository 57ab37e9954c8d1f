import type { CommandsManager, Measurement, NaturalizedDataset } from '../ohif.ts';

/** A "data source" of our own to the stock command: it makes the report, and nothing is stored or shown. */
export const NOWHERE = '@ohif-azure/nowhere';

/** Headers of the report, by PS3.6 keyword, and the report that it continues. */
export interface ReportOptions {
  SeriesDescription: string;
  SeriesNumber: number;
  predecessorImageId?: string | null;
}

/**
 * The viewer's own report of measurements, as a data set. The report is made in the same turn in which this is
 * called, so measurements that are about to go are in it.
 *
 * @throws {Error} when none of them has a form in a report
 */
export async function makeReport(
  commandsManager: CommandsManager,
  measurementData: readonly Measurement[],
  options: ReportOptions
): Promise<NaturalizedDataset> {
  const report = commandsManager.runCommand(
    'storeMeasurements',
    {
      measurementData,
      dataSource: NOWHERE,
      additionalFindingTypes: ['ArrowAnnotate'],
      options,
    },
    'CORNERSTONE_STRUCTURED_REPORT'
  );
  return (await report) as NaturalizedDataset;
}

/** Tools whose measurements were seen to have a form in a report; what a tool can do does not change. */
const withForm = new Set<string>();

/** The measurements that a report cannot hold, found out by making a report of each. */
export async function withoutReportForm(
  commandsManager: CommandsManager,
  measurements: readonly Measurement[]
): Promise<Measurement[]> {
  const without: Measurement[] = [];
  for (const measurement of measurements) {
    const { toolName } = measurement;
    if (toolName !== undefined && withForm.has(toolName)) continue;
    try {
      await makeReport(commandsManager, [measurement], { SeriesDescription: '', SeriesNumber: 1 });
      if (toolName !== undefined) withForm.add(toolName);
    } catch {
      without.push(measurement);
    }
  }
  return without;
}
