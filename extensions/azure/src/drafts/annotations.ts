import type { DataSource, Measurement, Services } from '../ohif.ts';

/** What of the viewer's drawing tools is used (`window.cornerstoneTools`, set by the stock viewer). */
interface DrawingTools {
  annotation?: { state?: { getAnnotation?(uid: string): unknown } };
}

/** A drawn measurement as the drawing tools hold it, without typed arrays: it goes through JSON. */
export interface KeptAnnotation {
  annotationUID: string;
  /** Series of the image it is drawn on. */
  seriesInstanceUID?: string;
  metadata: { toolName: string; FrameOfReferenceUID?: string; referencedImageId?: string };
  data: Record<string, unknown>;
}

/** Name and version under which the stock viewer registers its drawing tools. */
const SOURCE = ['Cornerstone3DTools', '0.1'] as const;

/** Whether a measurement is the contour of a segment: of a structure set that is shown, and nothing that somebody measured. */
export function isContourOfSegment({ uid, toolName = '' }: Measurement): boolean {
  const tools = (globalThis as { cornerstoneTools?: DrawingTools }).cornerstoneTools;
  const annotation = tools?.annotation?.state?.getAnnotation?.(uid) as
    Partial<KeptAnnotation> | undefined;
  return (
    annotation?.data?.segmentation !== undefined ||
    /ContourSegmentation/.test(annotation?.metadata?.toolName ?? toolName)
  );
}

/** The drawings of these measurements; those that cannot be had are left out. */
export function annotationsOf(measurements: readonly Measurement[]): KeptAnnotation[] {
  const tools = (globalThis as { cornerstoneTools?: DrawingTools }).cornerstoneTools;
  return measurements.flatMap(({ uid, referenceSeriesUID }) => {
    const annotation = tools?.annotation?.state?.getAnnotation?.(uid) as KeptAnnotation | undefined;
    return annotation ? [{ ...plain(annotation), seriesInstanceUID: referenceSeriesUID }] : [];
  });
}

/**
 * Draws kept measurements again, the way the stock viewer draws those of a stored report.
 *
 * @returns uids of the measurements that are in the viewer now
 */
export function redraw(
  { measurementService }: Pick<Services, 'measurementService'>,
  annotations: readonly KeptAnnotation[],
  dataSource: DataSource
): string[] {
  const source = measurementService.getSource(...SOURCE);
  const mappings = measurementService.getSourceMappings(...SOURCE) ?? [];
  return annotations.flatMap(annotation => {
    const { toolName } = annotation.metadata;
    const mapping = mappings.find(({ annotationType }) => annotationType === toolName);
    if (!mapping) return [];
    const added = measurementService.addRawMeasurement(
      source,
      toolName,
      { uid: annotation.annotationUID, annotation },
      data => mapping.toMeasurementSchema(data),
      dataSource
    );
    return added ? [added] : [];
  });
}

function plain({ annotationUID, metadata, data }: KeptAnnotation): KeptAnnotation {
  return JSON.parse(
    JSON.stringify({ annotationUID, metadata, data }, (_key, value: unknown) =>
      ArrayBuffer.isView(value) && !(value instanceof DataView)
        ? Array.from(value as unknown as ArrayLike<number>)
        : value
    )
  ) as KeptAnnotation;
}
