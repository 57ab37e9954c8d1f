import { useEffect, useId } from 'react';
import type { SearchNotice, WorkListState } from '../data-source/workListState.ts';
import type { Observable } from '../observable.ts';
import { language, text } from '../texts/index.ts';
import { useObservable } from './useObservable.ts';

/** A partition that can be chosen. */
export interface PartitionChoice {
  sourceName: string;
  name: string;
}

export interface WorkListBarProps {
  state: Observable<WorkListState>;
  /** Partitions of the service that a data source belongs to; none where there is nothing to choose. */
  partitionsOf(sourceName: string): readonly PartitionChoice[];
  choose(sourceName: string): void;
}

/** Marks the page while the bar is shown, so that the list ends above it. */
const SHOWN_CLASS = 'oa-has-bar';

/** A line below the work list: which partition it is of, and what it does not show. */
export function WorkListBar({ state, partitionsOf, choose }: WorkListBarProps) {
  const { sourceName, notice } = useObservable(state);
  const id = useId();
  const partitions = sourceName === undefined ? [] : partitionsOf(sourceName);
  const isShown = sourceName !== undefined && (notice !== undefined || partitions.length > 1);
  useEffect(() => {
    document.documentElement.classList.toggle(SHOWN_CLASS, isShown);
    return () => document.documentElement.classList.remove(SHOWN_CLASS);
  }, [isShown]);
  return (
    <div className={isShown ? 'oa-bar' : undefined}>
      {isShown && partitions.length > 1 && (
        <p className="oa-partition">
          <label htmlFor={id}>{text('partition.label')}</label>
          <select
            id={id}
            data-cy="azure-partition"
            value={sourceName}
            onChange={event => choose(event.target.value)}
          >
            {partitions.map(each => (
              <option key={each.sourceName} value={each.sourceName}>
                {each.name}
              </option>
            ))}
          </select>
        </p>
      )}
      {/* There from the start: only what changes in it is read out. */}
      <p role="status" data-cy={isShown && notice ? 'azure-search-notice' : undefined}>
        {isShown && notice && textOf(notice)}
      </p>
    </div>
  );
}

function textOf({ kind, count, fields = [] }: SearchNotice): string {
  const list = new Intl.ListFormat(language(), { type: 'conjunction' });
  return text(`search.notice.${kind}`, {
    count: new Intl.NumberFormat(language()).format(count),
    fields: list.format(fields.map(field => text(`search.field.${field}`))),
  });
}
