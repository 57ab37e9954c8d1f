import { createPdf } from './pdf-document.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('createPdf', () => {
  const pdf = text(createPdf('A (small) title', ['Zoé', 'back\\slash', ')']));

  it('has head and tail (ISO 32000-1 7.5.2, 7.5.5)', () => {
    expect(pdf).toMatch(/^%PDF-1\.4\n/);
    expect(pdf).toMatch(/\n%%EOF\n$/);
  });

  it('has a cross-reference table that points at each object (ISO 32000-1 7.5.4)', () => {
    const start = Number(/startxref\n(\d+)\n/.exec(pdf)?.[1]);
    expect(pdf.slice(start, start + 5)).toBe('xref\n');
    const entries = [...pdf.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map(match =>
      Number(match[1])
    );
    expect(entries).toHaveLength(7);
    entries.forEach((offset, i) => {
      expect(pdf.slice(offset)).toMatch(new RegExp(`^${String(i + 1)} 0 obj\\n`));
    });
    expect(pdf).toContain('/Size 8 ');
  });

  it('tells the length of its content stream', () => {
    const stream = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(pdf);
    expect(stream?.[2]).toHaveLength(Number(stream?.[1]));
  });

  it('escapes what means something in a string (ISO 32000-1 7.3.4.2)', () => {
    expect(pdf).toContain('(A \\(small\\) title) Tj');
    expect(pdf).toContain('(back\\\\slash) Tj');
    expect(pdf).toContain('(\\)) Tj');
    expect(pdf).toContain('(Zoé) Tj');
  });
});
