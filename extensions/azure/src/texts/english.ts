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
    '{account} may view studies in {archive}, but not save to it. The report is not saved. Ask your administrator for the right to save (in Azure: the role DICOM Data Owner), or download the report.',
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
  'report.kept-and-here':
    'Your measurements are still here, and the report is kept as a draft on this computer.',
  'report.kept':
    'The report is kept as a draft on this computer, for you alone. It is offered again after a reload.',
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
  'preflight.title': 'Before you save',
  'preflight.none.title': 'These measurements cannot be put into a report.',
  'preflight.signed': 'The report goes to {archive}, signed as {observer}.',
  'preflight.unsigned': 'The report goes to {archive}, without a signature.',
  'preflight.without-form':
    'Not in the report, as a DICOM report has no form for it: {names}. It stays in the viewer until you leave it.',
  'preflight.no-uids':
    'The images lack {names}; a report of them cannot be filed. Tell your administrator.',
  'preflight.again':
    'These measurements are already in a saved report. Saving them again makes a second one.',
  'preflight.no-patient-id':
    'The images have no Patient ID, and the archive takes no report without one. Tell your administrator.',
  'upload.rejected': 'Not stored: the archive did not accept it. {reason}',
  'upload.sign-in-required': 'Not stored: sign in first.',
  'upload.forbidden': 'Not stored: this account may not store here.',
  'upload.unreachable': 'Not stored: the archive cannot be reached.',
  'upload.throttled': 'Not stored: the archive is busy. Try again in a minute.',
  'upload.unknown':
    'It is not certain whether it is stored. Upload it again: nothing is stored twice.',
  'drafts.title': 'Not saved yet',
  'drafts.off.forbidden':
    'Drafts are off: this browser keeps nothing for this page (a private window?). Save reports before you leave it.',
  'drafts.off.full':
    'Drafts are off: the storage of this computer is full. Save reports before you leave this page.',
  'draft.report': 'Report “{name}”',
  'draft.measurements': 'Measurements ({count})',
  'draft.elsewhere': 'This draft is open in another tab or window.',
  'draft.no-archive': 'The archive of this draft is no longer among the viewer’s settings.',
  'draft.not-yet.title': 'The images are still being loaded.',
  'draft.not-yet.body': 'Wait until they are shown, then try again. The draft is kept.',
  'draft.back.title': 'Your measurements are back.',
  'draft.back.body': 'They are not in a report yet. Press Create SR to save them.',
  'draft.discard.confirm':
    'Discard this draft? It is not in the archive and cannot be brought back.',
  'report.nothing.title': 'There is nothing to save yet.',
  'report.nothing.body': 'Make a measurement first, then press Create SR.',
  'report.unnamed': 'Measurements',
  'action.sign-in': 'Sign in',
  'action.save': 'Save now',
  'action.bring-back': 'Bring back',
  'action.open-study': 'Open the study',
  'action.retry': 'Try again',
  'action.download': 'Download',
  'action.discard': 'Discard',
  'action.details': 'Details',
  'action.dismiss': 'Close',
  'action.copy': 'Copy',
  'action.copied': 'Copied',
  'action.sign-out': 'Sign out',
  'action.reload': 'Try again',
  'action.reload-page': 'Reload',
  'action.work-list': 'Back to the work list',
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
  'session.view-only.body':
    'Reports of this account are not accepted here. Ask your administrator for the right to save, or download your report.',
  'session.renewal-failing': 'The sign-in could not be renewed. It is tried again.',
  'session.menu': 'Account and archive',
  'session.step-up': 'You may view studies. Your sign-in does not include saving.',
  'session.window.title': 'Sign in in the window that has opened.',
  'session.window.body': 'This page waits until {time}, and stays as it is.',
  'session.window.not-noticed': 'If you have closed the window, press Cancel.',
  'session.blocked.title': 'The browser blocked the sign-in window.',
  'session.blocked.body':
    'Allow pop-up windows for this site, then try again. Or sign in on this page: it comes back here.',
  'session.not-kept.title': 'This page was not left.',
  'session.not-kept.body':
    'What is not saved could not be kept on this computer and would be lost. Allow pop-up windows for this site, then try again.',
  'session.consent.title': 'Saving has not been allowed for you yet.',
  'session.consent.body':
    'You may go on viewing. Ask your administrator for the permission to save.',
  'session.missing.title': 'Your sign-in does not include saving.',
  'session.missing.body': 'Press Allow saving to ask for it. This page stays as it is.',
  'session.ending.title': 'Your sign-in ends at {time}.',
  'session.ending.body':
    'Sign in again in a window of its own: this page and your measurements stay.',
  'session.ended.title': 'Your sign-in has ended.',
  'session.failed.title': 'Sign-in did not succeed.',
  'session.failed.timeout': 'It was not finished in time. Your page is as it was.',
  'session.failed.body': 'Your page is as it was.',
  'action.sign-in-again': 'Sign in again',
  'action.sign-in-here': 'Sign in on this page',
  'action.show-window': 'Show the window',
  'action.cancel': 'Cancel',
  'action.later': 'Later',
  'action.allow-saving': 'Allow saving',
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
  'page.gone.title': 'This study is not there',
  'page.refused.title': 'Your account may not open this study',
  'page.link-expired.title': 'This link has expired',
  'page.link-expired.body': 'Ask for a new link, or sign in to view the study.',
  'page.link-expired.no-sign-in': 'Ask for a new link.',
  'page.link-invalid.title': 'This link cannot be used',
  'page.link-invalid.body':
    'The archive does not accept it. Ask for a new link, or sign in to view the study.',
  'page.start.title': 'The viewer cannot start',
  'page.technical': 'For the administrator: {message}',
  'search.unreachable': 'The archive did not answer. Check the network, then try again.',
  'search.sign-in': 'Your sign-in has ended. Sign in again to see the studies.',
  'search.forbidden':
    'Your account may not read studies in this archive. Ask your administrator for the right to view them (in Azure: the role DICOM Data Reader).',
  'read.study': 'A study could not be read',
  'read.series': 'A series could not be read, and is not shown',
  'read.news': 'This study is shown as it was opened before; it could not be read anew',
  'read.gone': 'The archive does not have this study any more, or not all of it.',
  'read.changed': 'This study has changed since it was opened before',
  'read.changed.body':
    'Images were deleted or corrected in the archive. To see the study as it is now, save your measurements and reload the page.',
  'read.failed': 'The archive could not give the study. Try again, or tell your administrator.',
  'search.failed':
    'The archive could not answer the search. Try again, or tell your administrator.',
  'search.notice.newest':
    'Showing the {count} studies that the archive received last. Older ones are found by name, date, or whole MRN or accession number.',
  'search.notice.more':
    'More than {count} studies match. Showing those that the archive received last; narrow the search to see the others.',
  'search.notice.part':
    'Parts of {fields} were looked for in {count} studies only, those received last. Whole values are found in all of the archive; a name or dates narrow the search.',
  'search.notice.standard':
    'Showing {count} studies. The archive may have more; narrow the search to see them.',
  'search.field.patientName': 'names',
  'search.field.patientID': 'MRNs',
  'search.field.accessionNumber': 'accession numbers',
  'search.field.studyDescription': 'descriptions',
  'reading.image': 'This image cannot be shown.',
  'reading.images': 'Some images of this series are missing.',
  'reading.document': 'This document cannot be shown.',
  'reading.video': 'This video cannot be shown.',
  'reading.object': 'This viewer has no way to show what is here.',
  'reading.signed-out':
    'Your sign-in has ended. Sign in again, then open the series again; your measurements stay.',
  'reading.forbidden':
    'Your account or link may not read it. Ask your administrator for the right to view this study.',
  'reading.not-found':
    'The archive does not have it any more, or has nothing to show for it. Reload the page; if that does not help, tell your administrator.',
  'reading.busy': 'The archive is busy. Wait a minute, then open the series again.',
  'reading.unreachable':
    'The archive does not answer. Check the network, then open the series again.',
  'reading.refused':
    'The archive could not send it. Try again; if that does not help, tell your administrator.',
  'reading.no-decoder':
    'It is compressed with {syntax}, which this viewer cannot decode. Use another workstation, or ask your administrator to have it stored in another form.',
  'reading.no-decoder.unnamed':
    'It is compressed in a way which this viewer cannot decode. Use another workstation, or ask your administrator to have it stored in another form.',
  'reading.no-pixels':
    'What the archive has of it is empty. Look at the device that made it, and have it sent again.',
  'reading.no-palette':
    'Its table of colours is missing. Have it sent again by the device that made it.',
  'reading.unsupported':
    'Objects of this kind ({list}) cannot be displayed here. Use the workstation that they are made for.',
  'reading.damaged':
    'What the archive sent is damaged, or of a kind which this viewer cannot decode. Use another workstation, or have it sent again by the device that made it.',
  'reading.not-played':
    'This browser cannot play a video of this kind ({syntax}). Use another browser or workstation.',
  'reading.deep-colour.title': 'The colours shown are not those of the image.',
  'reading.deep-colour':
    'It has more than 8 bits a colour, which this viewer cuts off. Do not read it here: use another workstation.',
  'reading.blank.title': 'This image is blank.',
  'reading.blank':
    'All its pixels are the same: it is blank, or it is damaged in a way that the decoder does not notice.',
  'partition.label': 'Partition',
} as const;

export type TextKey = keyof typeof english;
export type Catalogue = Record<TextKey, string>;
