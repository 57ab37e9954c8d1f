/**
 * Watches for Ctrl-C and SIGTERM from now on. Begin before anything is started: a signal that comes in between then
 * stops it cleanly as soon as it runs. A second Ctrl-C ends at once.
 */
export function watchForStop(): { stopped: Promise<void> } {
  const stopped = new Promise<void>(resolve => {
    const stop = () => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      process.once('SIGINT', () => process.exit(1));
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
  return { stopped };
}
