import type { Services } from '../ohif.ts';
import { text } from '../texts/index.ts';

const MESSAGE_MS = 60_000;

/**
 * Says that a study is not any more as it is shown. The viewer keeps what it was told of a study until the page is
 * loaded anew, which only the reader may decide.
 */
export function tellChanged({ uiNotificationService }: Pick<Services, 'uiNotificationService'>) {
  uiNotificationService.show({
    id: 'azure-study-changed',
    title: text('read.changed'),
    message: text('read.changed.body'),
    type: 'warning',
    duration: MESSAGE_MS,
    action: { label: text('action.reload-page'), onClick: () => window.location.reload() },
  });
}
