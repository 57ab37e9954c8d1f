import { SR } from './part10-builder.ts';

/** An item as the Azure DICOM service writes it. */
export interface Item {
  readonly uid?: string;
  readonly failureReason?: number | string;
  readonly warningReason?: number;
  readonly comments?: readonly string[];
}

function itemJson({ uid, failureReason, warningReason, comments }: Item): Record<string, unknown> {
  return {
    ...(uid && {
      '00081150': { vr: 'UI', Value: [SR.sopClassUID] },
      '00081155': { vr: 'UI', Value: [uid] },
    }),
    ...(failureReason !== undefined && { '00081197': { vr: 'US', Value: [failureReason] } }),
    ...(warningReason !== undefined && { '00081196': { vr: 'US', Value: [warningReason] } }),
    ...(comments && {
      '00741048': {
        vr: 'SQ',
        Value: comments.map(text => ({ '00000902': { vr: 'LO', Value: [text] } })),
      },
    }),
  };
}

/** A Store response. @see PS3.18 10.5.3 */
export function storeResponse(referenced: readonly Item[], failed: readonly Item[] = []): string {
  return JSON.stringify({
    ...(referenced.length && { '00081199': { vr: 'SQ', Value: referenced.map(itemJson) } }),
    ...(failed.length && { '00081198': { vr: 'SQ', Value: failed.map(itemJson) } }),
  });
}

/** The metadata of an SR of the study, as Retrieve gives it. */
export function metadata(sopInstanceUID: string, sopClassUID: string = SR.sopClassUID): string {
  return JSON.stringify([
    {
      '00080016': { vr: 'UI', Value: [sopClassUID] },
      '00080018': { vr: 'UI', Value: [sopInstanceUID] },
      '0020000D': { vr: 'UI', Value: [SR.studyInstanceUID] },
      '0020000E': { vr: 'UI', Value: [SR.seriesInstanceUID] },
    },
  ]);
}
