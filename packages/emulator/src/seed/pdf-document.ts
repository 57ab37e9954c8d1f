/**
 * A PDF of one A4 page: a title and lines of text in Helvetica, which every PDF viewer has.
 *
 * @param title - document title and heading; characters of ISO 8859-1 only.
 * @param lines - the text, one entry a line; not wrapped.
 * @returns the bytes of the document (PDF 1.4, ISO 32000-1), the same on each call.
 */
export function createPdf(title: string, lines: readonly string[]): Uint8Array {
  const content = [
    'BT',
    '/F2 18 Tf',
    '72 760 Td',
    `${literal(title)} Tj`,
    '/F1 11 Tf',
    '0 -36 Td',
    '16 TL',
    ...lines.map(line => `${literal(line)} Tj T*`),
    'ET',
    '0.6 w 72 746 m 523 746 l S',
  ].join('\n');
  const font = (name: string) =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R ' +
      '/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
    `<< /Length ${String(content.length)} >>\nstream\n${content}\nendstream`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    `<< /Title ${literal(title)} /Producer (OHIF Azure) >>`,
  ];

  // One character is one byte throughout (ISO 8859-1), so that lengths are offsets.
  let text = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n';
  const offsets = objects.map((object, i) => {
    const offset = text.length;
    text += `${String(i + 1)} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = text.length;
  const entry = (offset: number) => `${String(offset).padStart(10, '0')} 00000 n \n`;
  text += `xref\n0 ${String(objects.length + 1)}\n0000000000 65535 f \n${offsets.map(entry).join('')}`;
  text += `trailer\n<< /Size ${String(objects.length + 1)} /Root 1 0 R /Info 7 0 R >>\n`;
  text += `startxref\n${String(start)}\n%%EOF\n`;
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** A string object; the three characters that mean something in one are escaped. */
const literal = (text: string) => `(${text.replace(/[\\()]/g, '\\$&')})`;
