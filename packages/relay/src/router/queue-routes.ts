import * as z from 'zod';
import { STATES, type Entry, type Ledger, type Selection } from '../ledger/index.ts';
import { Refusal } from '../refusal.ts';
import type { PartRequest, PartRoute } from '../relay-part.ts';
import { respond } from '../respond.ts';
import { readBody } from './read-body.ts';

/** Entries of one page of `GET /queue`, at most. */
export const MAX_PAGE = 1_000;
const DEFAULT_PAGE = 100;

const id = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{8}){4}$/, 'expected a name as Orthanc gives it');
const querySchema = z.strictObject({
  state: z.enum(STATES).optional(),
  study: id.optional(),
  after: id.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
});

/** The body of `POST /queue/retry` and `POST /queue/drop`. */
const selectionSchema = z
  .strictObject({
    /** Whose state it is: what is not in it any more is left alone. */
    state: z.enum(['dead', 'held', 'waiting', 'dropped']).default('dead'),
    ids: z.array(id).min(1).max(10_000).optional(),
    study: id.optional(),
    /** All of the state. */
    all: z.literal(true).optional(),
  })
  .refine(
    ({ ids, study, all }) => [ids, study, all].filter(each => each !== undefined).length === 1,
    'expected one of ids, study and all'
  );

/** One entry as the queue's routes show it; times in ISO 8601, UTC. */
export interface QueueEntry {
  readonly id: string;
  readonly study: string;
  readonly state: string;
  readonly seen: string;
  readonly changed: string;
  readonly attempts: number;
  readonly notBefore?: string;
  readonly server?: string;
  readonly sopInstanceUID?: string;
  readonly code?: string;
  readonly reason?: string;
}

const iso = (time: number): string => new Date(time).toISOString();

/** An entry without what concerns the relay alone. */
export function queueEntry(entry: Entry): QueueEntry {
  const { id: name, study, state, seenAt, at, attempts, retryAt, server, reason } = entry;
  return {
    id: name,
    study,
    state,
    seen: iso(seenAt),
    changed: iso(at),
    attempts,
    notBefore: retryAt === undefined ? undefined : iso(retryAt),
    server,
    sopInstanceUID: entry.sopInstanceUID,
    code: reason?.code,
    reason: reason?.text,
  };
}

function checked<Out>(schema: z.ZodType<Out>, value: unknown): Out {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(
    ({ path, message }) => `${path.length > 0 ? path.join('.') : 'the request'}: ${message}`
  );
  throw new Refusal(400, 'bad-request', mistakes.join('; '));
}

async function selectionOf({ request, signal }: PartRequest): Promise<Selection> {
  const type = request.headers['content-type'] ?? '';
  // Pages of other origins cannot send this type without asking first.
  if (!/^application\/json\b/i.test(type)) {
    throw new Refusal(415, 'bad-request', 'expected Content-Type: application/json');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readBody(request, signal));
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal(400, 'bad-request', 'expected a JSON object');
  }
  const { state, ids, study } = checked(selectionSchema, parsed);
  return { state, ids, study };
}

/** Refuses changes where the relay has no credential: any page in a browser of this machine could make them. */
export function needSignIn(isSignedIn: boolean): void {
  if (isSignedIn) return;
  throw new Refusal(
    403,
    'no-credentials',
    'The queue is changed only with the relay’s credential; set RELAY_USERNAME and RELAY_PASSWORD.'
  );
}

/**
 * `GET /queue?state=&study=&limit=&after=`: a page of entries, `{"entries","next","counts"}`; `next` goes into `after`.
 * `POST /queue/retry` and `POST /queue/drop` with `{"state"?: "dead"|"held"|"waiting"|"dropped", "ids": [...]}`, `{"study": "..."}` or `{"all": true}`: `{"changed"}`.
 */
export function queueRoute(ledger: Ledger): PartRoute {
  const json = async ({ request, response }: PartRequest, body: unknown): Promise<void> => {
    await respond(request, response, {
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: JSON.stringify(body),
    });
  };
  return {
    segment: 'queue',
    methods: ['POST'],
    handle: async asked => {
      const [, action, ...rest] = asked.segments;
      const { method } = asked.request;
      if (method === 'GET' && action === undefined) {
        const { limit, ...filter } = checked(querySchema, Object.fromEntries(asked.query));
        const entries = await ledger.list({ ...filter, limit });
        const next = entries.length === limit ? entries.at(-1)?.id : undefined;
        const { counts } = await ledger.summary();
        await json(asked, { entries: entries.map(queueEntry), next, counts });
        return;
      }
      if (rest.length > 0 || (action !== 'retry' && action !== 'drop')) {
        throw new Refusal(
          404,
          'bad-request',
          'The routes are /queue, /queue/retry and /queue/drop.'
        );
      }
      if (method !== 'POST') {
        const headers = { allow: 'POST' };
        throw new Refusal(405, 'bad-request', `Only POST /queue/${action} is served.`, { headers });
      }
      needSignIn(asked.isSignedIn);
      const selection = await selectionOf(asked);
      await json(asked, { changed: await ledger[action](selection) });
    },
  };
}
