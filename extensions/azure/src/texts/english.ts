/** Everything the extension says, in English. `french.ts` has the same keys; a test holds them together. */
export const english = {
  'report.saving.title': 'Saving the report…',
  'report.saving.body': 'Please keep this page open until it is confirmed.',
  'report.saved.title': 'The report is saved.',
  'report.saved.body': '“{name}” is in {archive}, signed as {observer}.',
  'report.saved.unsigned': '“{name}” is in {archive}.',
  'report.saved-with-warnings.title': 'The report is saved, with a remark.',
  'report.saved-with-warnings.body':
    '“{name}” is in {archive}. The archive remarked something; the details say what.',
  'report.already-saved.title': 'The report was already saved.',
  'report.already-saved.body':
    '“{name}” was in {archive} before this attempt. Nothing was stored twice.',
  'report.rejected.title': 'The report is not saved.',
  'report.rejected.failure':
    '“{name}” is not in {archive}: it was not accepted. Tell your administrator what the details say.',
  'report.sign-in-required.title': 'Sign in to save the report.',
  'report.sign-in-required.failure':
    '“{name}” is not saved yet. This page stays open while you sign in.',
  'report.forbidden.title': 'You are not allowed to save reports here.',
  'report.forbidden.failure':
    '{account} may view studies in {archive}, but not save to it. The report is not saved. Ask your administrator for the role DICOM Data Owner, or download the report.',
  'report.unreachable.title': 'The archive cannot be reached.',
  'report.unreachable.failure': '“{name}” is not saved. Check the network, then try again.',
  'report.throttled.title': 'The archive is busy.',
  'report.throttled.failure': '“{name}” is not saved yet. Wait a minute, then try again.',
  'report.unknown.title': 'It is not certain whether the report is saved.',
  'report.unknown.failure':
    'The connection broke while “{name}” was being saved. Try again: the archive is asked first, so nothing is stored twice.',
  'report.measurements-here': 'Your measurements are still here.',
  'report.measurements-gone':
    'Its measurements are no longer in the viewer. This page keeps the report; download it to be safe.',
  'report.other-account':
    'The report is signed {made}, and you are signed in as {now}. Press Create SR again to make one in your name.',
  'report.settle-first':
    'This earlier report comes first: it is not certain whether it is saved. What you measured since is not in it.',
  'report.two-studies':
    'There are measurements of more than one study. Use Create SR of the study in the measurement panel.',
  'report.aside.unsaved': '“{name}” is not saved. Open',
  'report.aside.unknown': 'Not certain whether “{name}” is saved. Open',
  'report.invalid.body':
    'These measurements cannot be put into a report. They are still here. The details say why.',
  'report.busy': 'A report is being saved right now. Please wait until it is confirmed.',
  'report.popup-blocked':
    'The browser blocked the sign-in window. Allow pop-ups for this site, then press Sign in again.',
  'report.sign-in-failed': 'Sign-in did not succeed. {reason}',
  'report.stored-not-shown':
    'It could not be shown in the study list on this page. Reload the page to see it.',
  'report.stored-by-retrieval': 'Confirmed by reading it back from the archive.',
  'report.downloaded': 'Downloaded. The report is not in the archive.',
  'none.no-token': 'You are not signed in. Sign in to save.',
  'none.expired': 'Your sign-in has ended. Sign in again to save; your measurements stay.',
  'none.read-only-link': 'This link is for viewing. Sign in to save; your measurements stay.',
  'none.no-write-permission':
    'Your sign-in does not include saving. Sign in again; if that does not help, ask your administrator.',
  'none.wrong-kind': 'What this page was given is not an access token. Sign in to save.',
  'none.wrong-audience': 'Your sign-in is for another service. Sign in again to save.',
  'report.nothing.title': 'There is nothing to save yet.',
  'report.nothing.body': 'Make a measurement first, then press Create SR.',
  'report.unnamed': 'Measurements',
  'action.sign-in': 'Sign in',
  'action.retry': 'Try again',
  'action.download': 'Download',
  'action.discard': 'Discard',
  'action.details': 'Details',
  'action.dismiss': 'Close',
  'action.copy': 'Copy',
  'action.copied': 'Copied',
  'action.sign-out': 'Sign out',
  'action.reload': 'Try again',
  'discard.confirm': 'Discard this report? It is not in the archive.',
  'sign-out.confirm':
    'Sign out? The measurements on this page are not saved as a report and would be lost.',
  'dialog.title': 'Create Report',
  'session.signed-in': 'Signed in as {account}',
  'session.signed-out': 'Not signed in',
  'session.expired': 'Sign-in has ended',
  'session.link': 'This link is for viewing. Sign in to save.',
  'session.service': 'Archive: {archive}',
  'session.until': 'Signed in until {time}',
  'session.may-save': 'You may view studies. Saving depends on your role in the archive.',
  'session.view-only': 'You may view studies, but not save reports.',
  'session.renewal-failing': 'The sign-in could not be renewed. It is tried again.',
  'session.menu': 'Account and archive',
  'page.settings.title': 'The viewer’s settings have mistakes',
  'page.settings.intro':
    'Nothing is started until they are corrected in app-config.js (config/azure.js). An administrator can do this:',
  'page.settings.found': 'Found',
  'page.settings.expected': 'Expected',
  'page.provider.title': 'Sign-in is not available right now',
  'page.sign-in-failed.title': 'Sign-in did not succeed',
  'page.signed-out.title': 'You are signed out',
  'page.signed-out.body': 'You can close this window, or sign in again to go on.',
  'page.service.title': 'The studies cannot be loaded right now',
  'page.service.body': 'The study may well be in {archive}; this page could not ask for it.',
  'page.link-expired.title': 'This link has expired',
  'page.link-expired.body': 'Ask for a new link, or sign in to view the study.',
  'page.link-invalid.title': 'This link cannot be used',
  'page.start.title': 'The viewer cannot start',
  'page.technical': 'For the administrator: {message}',
  'search.unreachable': 'The archive did not answer. Check the network, then try again.',
  'search.sign-in': 'Your sign-in has ended. Sign in again to see the studies.',
  'search.forbidden':
    'Your account may not read studies in this archive. Ask your administrator for the role DICOM Data Reader.',
  'search.failed':
    'The archive could not answer the search. Try again, or tell your administrator.',
} as const;

export type TextKey = keyof typeof english;
export type Catalogue = Record<TextKey, string>;
