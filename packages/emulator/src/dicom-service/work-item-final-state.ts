import type { JsonDataSet } from '../part10/dicom-json.ts';
import { attributeOfKeyword } from '../part10/dictionary.ts';
import { TAG, valueOf } from './work-item-body.ts';
import { itemsOf, requireValue } from './work-item-requirements.ts';

interface FinalRequirement {
  keyword: string;
  /** Required when completed, when canceled, or in both states. */
  when: 'COMPLETED' | 'CANCELED' | 'both';
  items?: readonly FinalRequirement[];
}

const both = (keyword: string): FinalRequirement => ({ keyword, when: 'both' });
const completed = (keyword: string): FinalRequirement => ({ keyword, when: 'COMPLETED' });
const canceled = (keyword: string): FinalRequirement => ({ keyword, when: 'CANCELED' });

/** [source WorkitemFinalStateValidatorExtension] */
const REQUIREMENTS: readonly FinalRequirement[] = [
  both('SOPClassUID'),
  both('SOPInstanceUID'),
  both('ScheduledProcedureStepPriority'),
  both('ScheduledProcedureStepModificationDateTime'),
  both('ScheduledProcedureStepStartDateTime'),
  both('InputReadinessState'),
  both('ProcedureStepState'),
  {
    ...canceled('ProcedureStepProgressInformationSequence'),
    items: [
      canceled('ProcedureStepCancellationDateTime'),
      canceled('ProcedureStepDiscontinuationReasonCodeSequence'),
    ],
  },
  {
    ...completed('UnifiedProcedureStepPerformedProcedureSequence'),
    items: [
      completed('PerformedStationNameCodeSequence'),
      completed('PerformedProcedureStepStartDateTime'),
      completed('PerformedWorkitemCodeSequence'),
      completed('PerformedProcedureStepEndDateTime'),
      completed('OutputInformationSequence'),
    ],
  },
];

/**
 * Checks what a work item must have when it is completed or canceled; nothing in other states.
 *
 * @throws {WorkItemFault}
 * @see PS3.4 table CC.2.5-3, Final State
 */
export function checkFinalState(dataSet: JsonDataSet): void {
  const state = valueOf(dataSet, TAG.state);
  if (state === 'COMPLETED' || state === 'CANCELED') check(dataSet, state, REQUIREMENTS);
}

function check(
  dataSet: JsonDataSet,
  state: 'COMPLETED' | 'CANCELED',
  requirements: readonly FinalRequirement[]
): void {
  for (const { keyword, when, items } of requirements) {
    const tag = attributeOfKeyword(keyword)?.tag ?? '';
    if (when === 'both' || when === state) requireValue(dataSet, tag);
    for (const item of items ? itemsOf(dataSet[tag]) : []) check(item, state, items ?? []);
  }
}
