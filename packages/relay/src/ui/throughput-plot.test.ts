import { markup } from './markup.ts';
import { niceMaximum, throughputPlot } from './throughput-plot.ts';

describe('the plot', () => {
  it.each([
    [0, 1],
    [1, 1],
    [3, 5],
    [10, 10],
    [11, 20],
    [49, 50],
    [1_001, 2_000],
    [9_999, 10_000],
  ])('an axis for %i ends with %i', (value, expected) => {
    expect(niceMaximum(value)).toBe(expected);
  });

  it('has a bar for each bucket in which something was sent or given up, in proportion', () => {
    const buckets = [0, 5, 10].map((instances, at) => ({
      at,
      instances,
      bytes: 0,
      dead: at === 1 ? 2 : 0,
    }));
    const { html } = throughputPlot(buckets, 600_000);
    const heights = [...html.matchAll(/class="bar"[^>]*height="([\d.]+)"/gs)].map(([, height]) =>
      Number(height)
    );
    expect(heights).toHaveLength(2);
    expect((heights[1] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(2, 1);
    expect(html.match(/class="bad-bar"/g)).toHaveLength(1);
    expect(html).not.toMatch(/NaN|Infinity|https?:/);
  });

  it('is empty, not broken, when nothing was sent', () => {
    expect(throughputPlot([], 600_000).html).not.toMatch(/NaN|Infinity/);
  });
});

it('escapes whatever is put into markup', () => {
  const name = `<script>alert("1")</script>&'`;
  expect(markup`<td title="${name}">${name}</td>`.html).toBe(
    '<td title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</td>'
  );
});
