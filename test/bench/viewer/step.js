/** Waits for `promise`, and says what was waited for when it takes too long or fails. */
export async function step(what, limitMs, promise) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    const message = `${what}: not within ${limitMs / 1000} s.`;
    timer = setTimeout(() => reject(new Error(message)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } catch (error) {
    if (error.message.startsWith(what)) throw error;
    throw new Error(`${what}: ${error.message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
