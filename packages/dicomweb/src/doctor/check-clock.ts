import type { Finding } from './finding.ts';
import { fail, ok, warn } from './finding.ts';

/** The clock of somebody else, read by the way. */
export interface ClockSample {
  /** `the DICOM service`, for the message. */
  readonly who: string;
  /** `Date` of an answer (RFC 9110 6.6.1): whole seconds. */
  readonly date: string | null | undefined;
  /** This machine's clock when the answer was there, in milliseconds since 1970. */
  readonly at: number;
}

/** The service and Entra ID let clocks be five minutes apart: more, and access tokens are refused. In milliseconds. */
export const MAX_SKEW_MS = 300_000;
/** More than this is worth a remark, in milliseconds. */
export const REMARKABLE_SKEW_MS = 60_000;

/**
 * Holds this machine's clock against others.
 * @returns undefined when there is none to compare with.
 */
export function checkClock(samples: readonly ClockSample[]): Finding | undefined {
  const read = samples.flatMap(({ who, date, at }) => {
    const theirs = Date.parse(date ?? '');
    return Number.isNaN(theirs) ? [] : [{ who, offsetMs: at - theirs }];
  });
  const worst = read.reduce<(typeof read)[number] | undefined>(
    (a, b) => (a && Math.abs(a.offsetMs) >= Math.abs(b.offsetMs) ? a : b),
    undefined
  );
  if (!worst) return undefined;
  const { who, offsetMs } = worst;
  const skewMs = Math.abs(offsetMs);
  if (skewMs < REMARKABLE_SKEW_MS) return ok('clock', 'This machine’s clock is right.');
  const minutes = Math.round(skewMs / 60_000);
  const message = `This machine’s clock is ${minutes} min ${offsetMs > 0 ? 'ahead of' : 'behind'} that of ${who}.`;
  const remedy = 'Set the clock of this machine by the network (NTP), and check its time zone.';
  return (skewMs >= MAX_SKEW_MS ? fail : warn)('clock', 'clock-skew', message, remedy);
}
