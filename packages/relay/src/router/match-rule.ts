import type { Routing, RoutingRule, RoutingTarget } from './routing-schema.ts';

/** What the rules look at. */
export interface Facts {
  readonly modality: string;
  readonly sourceAETitle: string;
  readonly stationName: string;
  readonly studyDescription: string;
}

/** Where an instance goes. */
export interface Decision extends RoutingTarget {
  /** The rule's name; `otherwise` when none fits. */
  readonly rule: string;
}

const OTHERWISE = 'otherwise';

/**
 * Whether a text fits a pattern with `*` and `?` (PS3.4 C.2.2.2.4). Goes back to the last star only, so that no pattern and no text makes it slow: a regular
 * expression would take minutes over a description which was made for that.
 */
function isLike(text: string, pattern: string): boolean {
  let [at, inPattern] = [0, 0];
  let star: { readonly at: number; readonly inPattern: number } | undefined;
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = { at, inPattern };
      inPattern += 1;
    } else if (wanted === '?' || wanted === text[at]) {
      at += 1;
      inPattern += 1;
    } else if (star) {
      // The star takes one character more.
      star = { at: star.at + 1, inPattern: star.inPattern };
      at = star.at;
      inPattern = star.inPattern + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}

const normal = (text: string): string => text.trim().toLowerCase();

const fits = (patterns: readonly string[] | undefined, value: string): boolean =>
  patterns === undefined || patterns.some(pattern => isLike(normal(value), normal(pattern)));

function isFor({ when }: RoutingRule, facts: Facts): boolean {
  return (
    fits(when.modality, facts.modality) &&
    fits(when.sourceAETitle, facts.sourceAETitle) &&
    fits(when.stationName, facts.stationName) &&
    fits(when.studyDescription, facts.studyDescription)
  );
}

/** The first rule that fits decides. Padding and case of the values do not count (PS3.5 6.2: trailing spaces are not significant). */
export function decide(routing: Routing, facts: Facts): Decision {
  const rule = routing.rules.find(each => isFor(each, facts));
  if (!rule) return { ...routing.otherwise, rule: OTHERWISE };
  const { name, action, server, deidentify } = rule;
  return { action, server, deidentify, rule: name };
}
