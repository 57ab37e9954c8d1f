/** Study UIDs of the viewer's address (`/viewer?StudyInstanceUIDs=1.2,1.3`); empty on the work list. */
export function studiesOfPage(location: { search: string } = window.location): string[] {
  return [...new URLSearchParams(location.search)].flatMap(([key, value]) =>
    key.toLowerCase() === 'studyinstanceuids' ? value.split(',') : []
  );
}
