/**
 * A point in time as the service's JSON writes one with an offset: up to seven decimals, without
 * trailing zeros. [framework `System.Text.Json`]
 *
 * @param microseconds - since 1970.
 */
export function timeText(microseconds: number, zone: '+00:00' | 'Z' | '' = '+00:00'): string {
  const whole = Math.floor(microseconds / 1_000_000);
  const [date = ''] = new Date(whole * 1000).toISOString().split('.');
  const fraction = String(microseconds - whole * 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${date}${fraction === '' ? '' : `.${fraction}`}${zone}`;
}
