import type { Entry } from '../ledger/index.ts';
import { markup, type Markup } from './markup.ts';
import type { Session } from './sessions.ts';
import { clockTime } from './throughput-plot.ts';

/** What a list of the page shows, and to whom. */
export interface QueueListView {
  readonly now: number;
  /** By study: who the patient is. Only for those who are signed in. */
  readonly patients?: ReadonlyMap<string, string>;
  readonly session?: Session;
}

interface Action {
  readonly name: 'retry' | 'drop';
  readonly label: string;
}

function form(session: Session, state: string, action: Action, ids?: string): Markup {
  const which = ids === undefined ? 'all' : ids;
  return markup`<form method="post" action="/ui/queue">
    <input type="hidden" name="key" value="${session.formKey}" />
    <input type="hidden" name="state" value="${state}" />
    <input type="hidden" name="id" value="${which}" />
    <button name="action" value="${action.name}">${action.label}</button>
  </form>`;
}

/** A table of entries with the reasons; with buttons for who is signed in. */
export function queueList(
  view: QueueListView,
  title: string,
  state: 'dead' | 'held' | 'waiting',
  entries: readonly Entry[],
  total: number
): Markup {
  const { session, patients } = view;
  if (total === 0) return markup``;
  const actions: readonly Action[] =
    state === 'held'
      ? [
          { name: 'retry', label: 'Send' },
          { name: 'drop', label: 'Drop' },
        ]
      : [
          { name: 'retry', label: 'Retry' },
          { name: 'drop', label: 'Drop' },
        ];
  const rows = entries.map(entry => {
    const { id, study, server, attempts, reason, at, retryAt } = entry;
    const tries = attempts === 0 ? '' : `, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
    const next =
      retryAt !== undefined && retryAt > view.now ? `, next at ${clockTime(retryAt)}` : '';
    return markup`<tr>
      <td data-label="Instance">
        <code>${id}</code><br /><span class="soft">study <code>${study}</code></span>
      </td>
      ${patients ? markup`<td data-label="Patient" data-cy="patient">${patients.get(study) ?? 'not known'}</td>` : undefined}
      <td data-label="Service">${server}</td>
      <td data-label="Why">
        ${reason?.text}<br /><span class="soft"
          >${reason?.code}, ${clockTime(at)}${tries}${next}</span
        >
      </td>
      ${session ? markup`<td class="actions" data-label="Action">${actions.map(action => form(session, state, action, id))}</td>` : undefined}
    </tr>`;
  });
  const more =
    total > entries.length
      ? markup`<p class="soft">
          The first ${entries.length} of ${total}; all with
          <code>ohif-azure relay queue list</code>.
        </p>`
      : undefined;
  const all =
    session && state !== 'waiting'
      ? markup`<p>
          ${actions.map(action => form(session, state, { ...action, label: `${action.label} all` }))}
        </p>`
      : undefined;
  return markup`<h2>${title}</h2>
    <div class="table">
      <table data-cy="list-${state}">
        <thead>
          <tr>
            <th>Instance</th>
            ${patients ? markup`<th>Patient</th>` : undefined}
            <th>Service</th>
            <th>Why</th>
            ${session ? markup`<th>Action</th>` : undefined}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${more}${all}`;
}
