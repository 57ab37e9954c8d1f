import * as z from 'zod';

/** Defaults of the routing; the guide quotes them. */
export const ROUTING_DEFAULTS = {
  pollMs: 1_000,
  longestWaitSeconds: 600,
  reconcileSeconds: 3_600,
  batchInstances: 100,
  workers: 2,
  maxAttempts: 8,
  maxPauseSeconds: 300,
  keepEndedDays: 30,
  leaseSeconds: 60,
} as const;

/** Attributes that would lead back to the patient, or would let two objects share their UIDs. */
const NEVER_KEPT = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'OtherPatientIDs',
  'StudyInstanceUID',
  'SeriesInstanceUID',
  'SOPInstanceUID',
];
/** Set by the relay itself, so that late instances join the same de-identified study. */
const NEVER_REPLACED = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'];

const name = z.string().regex(/^[\w.-]{1,64}$/, 'expected letters, digits, ".", "_" and "-"');
const pattern = z.string().min(1).max(256);
/** One pattern, or several of which one has to fit. `*`: any text, `?`: any character; upper and lower case are the same. */
const patterns = z.union([pattern.transform(one => [one]), z.array(pattern).min(1).max(100)]);

/** A keyword of PS3.6 (`PatientSex`), or a tag as Orthanc writes it (`0010,0040`, `0010-0040`). */
const tag = z
  .string()
  .regex(
    /^(?:[A-Z][A-Za-z0-9]{1,63}|[0-9a-fA-F]{4}[,-][0-9a-fA-F]{4})$/,
    'expected a keyword of PS3.6 or a tag such as 0010,0040'
  );

const profile = z.strictObject({
  /** Attributes left as they are. */
  keep: z
    .array(
      tag.refine(
        text => !NEVER_KEPT.includes(text),
        'expected no attribute that names the patient, and no UID'
      )
    )
    .max(500)
    .default([]),
  /** Attributes removed besides those of Orthanc's own profile. */
  remove: z.array(tag).max(500).default([]),
  /** Attributes set to a text. */
  replace: z
    .record(
      tag.refine(
        text => !NEVER_REPLACED.includes(text),
        'expected no UID of the study, series or instance'
      ),
      z.string().max(1024)
    )
    .default({}),
  keepPrivateTags: z.boolean().default(false),
  /** Edition of PS3.15 Table E.1-1 that Orthanc goes by: `2008`, `2017c`, `2021b`, `2023b` as far as it knows them. Default: Orthanc's own. */
  dicomVersion: z
    .string()
    .regex(/^20\d{2}[a-e]?$/, 'expected an edition such as 2021b')
    .optional(),
});

const when = z.strictObject({
  /** Modality (0008,0060) of the series. */
  modality: patterns.optional(),
  /** AE title of who sent it; empty for what came by HTTP. */
  sourceAETitle: patterns.optional(),
  /** StationName (0008,1010) of the series. */
  stationName: patterns.optional(),
  /** StudyDescription (0008,1030). */
  studyDescription: patterns.optional(),
});

const target = {
  action: z.enum(['send', 'hold', 'skip']).default('send'),
  /** Name of one of the relay's servers. Default: the first. */
  server: name.optional(),
  /** Name of one of `profiles`: only de-identified copies are sent. */
  deidentify: name.optional(),
};

const rule = z.strictObject({
  /** Stands in the operator page, the log and the queue. */
  name,
  /** All given conditions have to fit; none: every instance fits. */
  when: when.default({}),
  ...target,
});

const seconds = (min: number, max: number, fallback: number) =>
  z.number().min(min).max(max).default(fallback);
const count = (min: number, max: number, fallback: number) =>
  z.number().int().min(min).max(max).default(fallback);

/**
 * The member `routing` of the relay's configuration: where instances go that come into Orthanc. The first rule that fits decides; what fits none
 * goes the way of `otherwise`. All of it has defaults: `{}` sends everything to the first server.
 */
export const routingSchema = z
  .strictObject({
    rules: z.array(rule).max(1000).default([]),
    otherwise: z.strictObject(target).default({ action: 'send' }),
    /** De-identification by Orthanc's own anonymisation, by name. */
    profiles: z.record(name, profile).default({}),
    /** How often the change feed is asked, in milliseconds. */
    pollMs: count(50, 60_000, ROUTING_DEFAULTS.pollMs),
    /** A study to which instances keep coming is sent after so many seconds all the same. */
    longestWaitSeconds: seconds(1, 86_400, ROUTING_DEFAULTS.longestWaitSeconds),
    /** How often all of Orthanc is compared with the ledger, in seconds. */
    reconcileSeconds: seconds(5, 604_800, ROUTING_DEFAULTS.reconcileSeconds),
    /** Instances of one Store, at most. */
    batchInstances: count(1, 1_000, ROUTING_DEFAULTS.batchInstances),
    /** Studies sent at the same time. */
    workers: count(1, 16, ROUTING_DEFAULTS.workers),
    /** An instance that fails by itself so many times goes to the dead-letter list. Outages do not count. */
    maxAttempts: count(1, 100, ROUTING_DEFAULTS.maxAttempts),
    /** The longest pause between two attempts while the service is down, in seconds. */
    maxPauseSeconds: seconds(1, 3_600, ROUTING_DEFAULTS.maxPauseSeconds),
    /** Entries that Orthanc has no longer are forgotten after so many days. */
    keepEndedDays: count(1, 3_650, ROUTING_DEFAULTS.keepEndedDays),
    /** Several relays on one PostgreSQL: a relay that is gone loses its work to the others after so many seconds. */
    leaseSeconds: seconds(1, 3_600, ROUTING_DEFAULTS.leaseSeconds),
  })
  .superRefine((routing, context) => {
    const targets = [
      ...routing.rules.map((each, index) => [['rules', index], each] as const),
      [['otherwise'], routing.otherwise] as const,
    ];
    for (const [path, { action, deidentify, server }] of targets) {
      if (deidentify !== undefined && !Object.hasOwn(routing.profiles, deidentify)) {
        context.addIssue({
          code: 'custom',
          path: [...path, 'deidentify'],
          message: 'expected the name of one of the profiles',
        });
      }
      if (action === 'skip' && (deidentify !== undefined || server !== undefined)) {
        context.addIssue({
          code: 'custom',
          path: [...path, 'action'],
          message: 'expected "send" or "hold" beside server and deidentify',
        });
      }
    }
    const names = routing.rules.map(each => each.name);
    names.forEach((each, index) => {
      if (names.indexOf(each) === index) return;
      context.addIssue({
        code: 'custom',
        path: ['rules', index, 'name'],
        message: 'expected a name of its own for each rule',
      });
    });
  });

/** The routing, every default filled in. */
export type Routing = z.output<typeof routingSchema>;
export type RoutingRule = Routing['rules'][number];
export type RoutingTarget = Routing['otherwise'];
export type DeidentificationProfile = Routing['profiles'][string];

/** The routing that sends everything to the first server. */
export const DEFAULT_ROUTING: Routing = routingSchema.parse({});

/** Names of servers that the rules mention. For the check that each is there. */
export function serversOf(routing: Routing): string[] {
  const named = [...routing.rules, routing.otherwise].flatMap(({ server }) => server ?? []);
  return [...new Set(named)];
}
