import { badRequest, notAcceptable } from '../http/service-error.ts';
import { parseMediaRanges } from '../http/media-type.ts';
import { renderFrame } from '../rendering/render-frame.ts';
import type { RenderedType } from '../rendering/render-frame.ts';
import { acceptLines, pathResource } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { foundInstances } from './found.ts';
import { checkFrames, parseInteger } from './frame-numbers.ts';
import { openedFrames } from './frames.ts';
import { MAX_TRANSCODED_BYTES } from './transcoding.ts';

const DEFAULT_QUALITY = 100;

/** Renders the first frame of an instance, or the frame named. @see reference 3.4 */
export async function retrieveRendered(exchange: Exchange): Promise<void> {
  const { request, response, parameters, query, access, store } = exchange;
  const number = parseInteger('frame', parameters.frames ?? '1');
  const quality = parseInteger('quality', qualityText(query));
  access.require('read', parameters.study);
  const scope = pathResource(parameters);
  checkFrames([number]);
  if (quality < 1 || quality > 100) {
    throw badRequest('Image quality must be between 1 and 100 inclusive');
  }
  const type = renderedType(acceptLines(request));
  const [instance] = foundInstances(store, scope);
  if (instance.size > MAX_TRANSCODED_BYTES) {
    throw notAcceptable(
      `Requested DICOM instance size is above the supported limit of ${MAX_TRANSCODED_BYTES} for rendering. Please retrieve the whole file in the original transfer syntax instead of rendering to image media type.`
    );
  }
  const { frames, header } = await openedFrames(instance, [number]);
  const image = await renderFrame(frames, header, { index: number - 1, type, quality });
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': image.length });
  response.end(image);
}

/** Names of query parameters have no case in the service's framework. */
function qualityText(query: URLSearchParams): string {
  for (const [name, value] of query) if (name.toLowerCase() === 'quality') return value;
  return String(DEFAULT_QUALITY);
}

/** Exactly one of the two image types; JPEG without a header. */
function renderedType(lines: readonly string[]): RenderedType {
  if (lines.length === 0) return 'image/jpeg';
  const types = lines.flatMap(parseMediaRanges).map(range => range.type);
  if (types.length > 1) {
    throw notAcceptable('The request contains multiple accept headers, which is not supported.');
  }
  const [type] = types;
  if (type === 'image/jpeg' || type === 'image/png') return type;
  throw notAcceptable();
}
