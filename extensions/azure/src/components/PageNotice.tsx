import { useEffect, useRef } from 'react';
import type { SettingProblem } from '@ohif-azure/core/settings';
import { text } from '../texts/index.ts';
import { mountIsland } from './island.tsx';

export interface PageNoticeProps {
  kind:
    | 'settings'
    | 'provider'
    | 'sign-in-failed'
    | 'signed-out'
    | 'service'
    | 'link-expired'
    | 'link-invalid'
    | 'start';
  title: string;
  paragraphs: readonly string[];
  problems?: readonly SettingProblem[];
  actions?: readonly { name: string; label: string; run(): void }[];
  technical?: string;
}

/** A page of its own in place of a blank one: what happened and what to do. */
export function PageNotice({
  kind,
  title,
  paragraphs,
  problems = [],
  actions = [],
}: PageNoticeProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <main className="oa-page" data-cy="azure-page" data-kind={kind}>
      <div className={problems.length ? 'oa-page-box oa-wide' : 'oa-page-box'}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {paragraphs.map(paragraph => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        {problems.length > 0 && (
          <ul className="oa-problems">
            {problems.map(({ path, found, expected }) => (
              <li key={path} data-cy="azure-setting-problem">
                <code>{path}</code>
                <dl>
                  <dt>{text('page.settings.found')}</dt>
                  <dd>{found}</dd>
                  <dt>{text('page.settings.expected')}</dt>
                  <dd>{expected}</dd>
                </dl>
              </li>
            ))}
          </ul>
        )}
        <div className="oa-actions">
          {actions.map(({ name, label, run }, index) => (
            <button
              key={name}
              type="button"
              className={index === 0 ? 'oa-button oa-primary' : 'oa-button'}
              data-cy={`azure-page-${name}`}
              onClick={run}
            >
              {label}
            </button>
          ))}
        </div>
      </div>
    </main>
  );
}

let removeShown: () => void = () => undefined;

/** Shows one page of ours in place of whatever is there; a second one takes the place of the first. */
export function showPage(props: PageNoticeProps): void {
  removeShown();
  document.title = props.title;
  removeShown = mountIsland(`page-${props.kind}`, <PageNotice {...props} />);
}
