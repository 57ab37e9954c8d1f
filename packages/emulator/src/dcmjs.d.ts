/** What this package uses of dcmjs, which ships no types. Shapes as in dcmjs 0.50. */
declare module 'dcmjs' {
  /** One element of a data set keyed by tag (`'0020000D'`), as dcmjs parses and writes it. */
  export interface DictElement {
    vr: string;
    Value?: unknown[];
    InlineBinary?: string;
    _rawValue?: unknown;
  }
  export type Dict = Record<string, DictElement>;
  export type Naturalized = Record<string, unknown>;

  class DicomDict {
    constructor(meta: Dict);
    meta: Dict;
    dict: Dict;
    write(options?: { allowInvalidVRLength?: boolean; fragmentMultiframe?: boolean }): ArrayBuffer;
  }

  const dcmjs: {
    data: {
      DicomDict: typeof DicomDict;
      DicomMessage: {
        readFile(
          buffer: ArrayBuffer,
          options?: {
            ignoreErrors?: boolean;
            untilTag?: string | null;
            includeUntilTagValue?: boolean;
            noCopy?: boolean;
          }
        ): DicomDict;
      };
      DicomMetaDictionary: {
        naturalizeDataset(dict: Dict): Naturalized;
        denaturalizeDataset(dataset: Naturalized): Dict;
        uid(): string;
        nameMap: Record<string, { tag: string; vr: string; name: string; vm: string } | undefined>;
        dictionary: Record<
          string,
          { tag: string; vr: string; name: string; vm: string } | undefined
        >;
        punctuateTag(tag: string): string;
        unpunctuateTag(tag: string): string;
      };
    };
    log: { setLevel(level: string): void; level?: string };
  };
  export default dcmjs;
}
