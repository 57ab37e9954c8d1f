/** The programs that the tests need beside Node: a Chromium, dicom3tools, and the real archives and databases to meet. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Debian package and a file that it brings. */
const PROGRAMS = [
  ['dicom3tools', '/usr/bin/dciodvfy'],
  ['dcmtk', '/usr/bin/storescu'],
  ['orthanc', '/usr/sbin/Orthanc'],
  ['orthanc-dicomweb', '/usr/share/orthanc/plugins/libOrthancDicomWeb.so'],
  ['nginx', '/usr/sbin/nginx'],
  ['postgresql', '/usr/lib/postgresql'],
  ['python3-pydicom', '/usr/lib/python3/dist-packages/pydicom/data/test_files'],
];
const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * Finds the programs; on Debian as root installs what is missing, elsewhere says in one line what to install and
 * ends with exit status 2.
 */
export function ensureTools() {
  const missing = () => [
    ...(findChromium() ? [] : ['chromium']),
    ...PROGRAMS.filter(([, file]) => !existsSync(file) && !onPath(path.basename(file))).map(
      ([name]) => name
    ),
  ];
  if (missing().length > 0 && canInstall()) install(missing());
  const left = missing();
  if (left.length > 0) {
    console.error(
      `The tests need ${left.join(' and ')}: install ${left.length > 1 ? 'them' : 'it'} (Debian: apt-get install ${left.join(' ')})` +
        `${left.includes('chromium') ? ', or set CHROME_PATH to a Chrome' : ''}.`
    );
    process.exit(2);
  }
  return { chromium: findChromium() };
}

function findChromium() {
  const named = process.env.CHROME_PATH;
  if (named) return existsSync(named) ? named : undefined;
  if (existsSync(MAC_CHROME)) return MAC_CHROME;
  return CHROMIUMS.map(onPath).find(Boolean);
}

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map(folder => path.join(folder, program))
    .find(file => existsSync(file));
}

function canInstall() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0 && onPath('apt-get');
}

function install(packages) {
  console.log(`Installing ${packages.join(' ')} with apt-get ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = ['ignore', 'ignore', 'inherit'];
  spawnSync('apt-get', ['update', '-q'], { stdio: quiet, env });
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
    stdio: quiet,
    env,
  });
}
