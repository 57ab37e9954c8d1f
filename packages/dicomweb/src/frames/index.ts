export {
  createFrameLoader,
  DEFAULT_HELD_BYTES,
  DEFAULT_STREAM_BYTES,
  type FrameLoader,
  type FrameLoaderOptions,
} from './frame-loader.ts';
export { declareRGB } from './jpeg-colour.ts';
export type { FrameResource, StoredFrame } from './stored-frame.ts';
export type { Urgency } from './wanted.ts';
export type { SeriesOutline } from './series-state.ts';
