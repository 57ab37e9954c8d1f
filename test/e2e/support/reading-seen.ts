import type { ReadingPage } from '../pages/ReadingPage.ts';
import { SQUARE } from './reading-objects.ts';
import { CELLS, correlation, pictureBy, type Picture } from './reading-picture.ts';
import type { Ready } from './reading-tests.ts';

const LIKENESS = 0.95;
/** Between the most and the least of red, green and blue: a grey picture has none. */
const COLOURED = 20;

/** Whether the viewport shows what the row expects, and what it shows, in words. */
interface Seen {
  isIt: boolean;
  seen: string;
}

export async function whatIsSeen(reading: ReadingPage, ready: Ready): Promise<Seen> {
  const { shows } = ready;
  const message = await reading.message();
  if (typeof shows === 'object' && 'says' in shows) {
    return { isIt: shows.says.test(message ?? ''), seen: `the message ${JSON.stringify(message)}` };
  }
  if (message !== undefined) return { isIt: false, seen: `the message ${JSON.stringify(message)}` };
  if (typeof shows === 'object') {
    const text = await reading.text();
    return { isIt: text.includes(shows.text), seen: `the text ${JSON.stringify(text)}` };
  }
  switch (shows) {
    case 'document': {
      const begins = await reading.documentBegins();
      return { isIt: begins === '%PDF', seen: `a document of ${JSON.stringify(begins)}` };
    }
    case 'square':
      return squareSeen(reading, ready);
    case 'contours': {
      const lines = await reading.lines();
      return { isIt: lines > 0, seen: `${lines} lines` };
    }
    default:
      return pictureSeen(reading, ready);
  }
}

const pictures = new Map<string, Promise<Picture>>();

/** The picture that is expected of a frame. */
function expected({ picture, reference }: Ready, frame: number): Promise<Picture> {
  if (picture) return Promise.resolve(picture);
  const key = `${reference} ${frame}`;
  const known = pictures.get(key) ?? pictureBy(String(reference), frame);
  pictures.set(key, known);
  return known;
}

async function pictureSeen(reading: ReadingPage, ready: Ready): Promise<Seen> {
  const { sopInstanceUID, frame = 1, cells } = await reading.shown(await expected(ready, 1), CELLS);
  const alike = cells ? correlation(cells, (await expected(ready, frame)).cells) : 0;
  const isThis = sopInstanceUID === ready.label.sopInstanceUID;
  return {
    isIt: isThis && alike >= (ready.row.likeness ?? LIKENESS),
    seen: `${isThis ? 'its image' : 'another image'}, likeness ${alike.toFixed(3)}`,
  };
}

/** Colour in the middle of the square, and none in the square on the other side. */
async function squareSeen(reading: ReadingPage, _ready: Ready): Promise<Seen> {
  const { cells = [] } = await reading.shown({ width: 1, height: 1 }, CELLS);
  const at = Math.floor(((SQUARE.from + SQUARE.to) / 2) * CELLS);
  const [inside, outside] = [chroma(cells, at, at), chroma(cells, CELLS - 1 - at, at)];
  return {
    isIt: inside > COLOURED && outside < COLOURED,
    seen: `colour ${inside.toFixed(0)} in the square, ${outside.toFixed(0)} opposite`,
  };
}

function chroma(cells: readonly number[], x: number, y: number): number {
  const colour = cells.slice((y * CELLS + x) * 3, (y * CELLS + x) * 3 + 3);
  return colour.length === 3 ? Math.max(...colour) - Math.min(...colour) : 0;
}
