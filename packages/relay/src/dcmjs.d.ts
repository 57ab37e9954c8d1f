/** What this package uses of dcmjs, which ships no types: the data dictionary. Shapes as in dcmjs 0.50. */
declare module 'dcmjs' {
  const dcmjs: {
    data: {
      DicomMetaDictionary: {
        nameMap: Record<string, { tag: string; vr: string } | undefined>;
      };
    };
  };
  export default dcmjs;
}
