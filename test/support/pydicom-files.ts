import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The real files that Debian's python3-pydicom brings, some broken on purpose. */
export const PYDICOM_FILES = '/usr/lib/python3/dist-packages/pydicom/data/test_files';

/** Debian's own: another Python may come first on the path, without pydicom. */
const PYTHON = '/usr/bin/python3';

/** What pydicom, which shares no code with ours, reads of a file. */
export interface PydicomFile {
  readonly file: string;
  readonly isPart10: boolean;
  /** False: pydicom cannot read it as a Part 10 file. */
  readonly isReadable: boolean;
  readonly sopClassUID: string | null;
  readonly sopInstanceUID: string | null;
  readonly studyInstanceUID: string | null;
  readonly seriesInstanceUID: string | null;
  readonly patientID: string | null;
  readonly transferSyntaxUID: string | null;
}

const SCRIPT = `
import json, os, sys, warnings
import pydicom
warnings.simplefilter('ignore')
for root, folders, names in os.walk(sys.argv[1]):
    for name in names:
        file = os.path.join(root, name)
        with open(file, 'rb') as handle:
            is_part10 = handle.read(132)[128:] == b'DICM'
        row = {'file': file, 'isPart10': is_part10, 'isReadable': False}
        fields = {'sopClassUID': 'SOPClassUID', 'sopInstanceUID': 'SOPInstanceUID', 'studyInstanceUID': 'StudyInstanceUID',
                  'seriesInstanceUID': 'SeriesInstanceUID', 'patientID': 'PatientID'}
        row.update({key: None for key in [*fields, 'transferSyntaxUID']})
        if is_part10:
            try:
                dataset = pydicom.dcmread(file, stop_before_pixels=True)
                for key, keyword in fields.items():
                    value = dataset.get(keyword)
                    row[key] = None if value is None else str(value)
                syntax = dataset.file_meta.get('TransferSyntaxUID')
                row['transferSyntaxUID'] = None if syntax is None else str(syntax)
                row['isReadable'] = True
            except Exception:
                pass
        print(json.dumps(row))
`;

/** Reads all files below a folder with pydicom. */
export async function readWithPydicom(folder: string): Promise<PydicomFile[]> {
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', SCRIPT, folder], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as PydicomFile);
}

const SAME_DATA = `
import sys, warnings
import pydicom
warnings.simplefilter('ignore')
def plain(file):
    dataset = pydicom.dcmread(file)
    return dataset
pairs = [line.rstrip('\\n').split('\\t') for line in sys.stdin]
for first, second in pairs:
    if plain(first) != plain(second):
        print(first)
`;

/** Of pairs of Part 10 files, the first ones of those whose data sets pydicom finds different. */
export async function differentDataSets(
  pairs: readonly (readonly [string, string])[]
): Promise<string[]> {
  const python = promisify(execFile)(PYTHON, ['-c', SAME_DATA], { maxBuffer: 1024 * 1024 });
  python.child.stdin?.end(pairs.map(pair => `${pair.join('\t')}\n`).join(''));
  const { stdout } = await python;
  return stdout.split('\n').filter(Boolean);
}
