import type { JsonDataSet } from '../part10/dicom-json.ts';
import { readStoredHeader } from './header-on-disk.ts';
import type { MetadataFile, MetadataPlace } from './metadata-file.ts';
import { describeInstance } from './stored-instance.ts';
import type { ApiVersion, StoredInstance } from './stored-instance.ts';

/** An instance whose metadata is on the disk and is read when it is asked for. */
export class JournaledInstance implements StoredInstance {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  readonly transferSyntaxUID: string;
  readonly version: ApiVersion;
  readonly watermark: number;
  readonly path: string;
  readonly size: number;
  readonly indexed: JsonDataSet;
  original?: StoredInstance;
  readonly #file: MetadataFile;
  readonly #place: MetadataPlace;

  /** @param indexed - the attributes which searches filter by, shared with other instances. */
  constructor(
    known: Omit<StoredInstance, 'metadata' | 'indexed'>,
    indexed: JsonDataSet,
    file: MetadataFile,
    place: MetadataPlace
  ) {
    this.studyInstanceUID = known.studyInstanceUID;
    this.seriesInstanceUID = known.seriesInstanceUID;
    this.sopInstanceUID = known.sopInstanceUID;
    this.sopClassUID = known.sopClassUID;
    this.transferSyntaxUID = known.transferSyntaxUID;
    this.version = known.version;
    this.watermark = known.watermark;
    this.path = known.path;
    this.size = known.size;
    this.indexed = indexed;
    this.original = known.original;
    this.#file = file;
    this.#place = place;
  }

  /** From the metadata file; from the Part 10 file where that one does not hold it unharmed. */
  get metadata(): string {
    return (
      this.#file.read(this.#place) ??
      describeInstance(readStoredHeader(this.path), this.version, this).metadata
    );
  }
}
