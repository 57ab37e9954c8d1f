/** The part of the Fetch API that is used: the global `fetch`, undici's, or a double. @see https://fetch.spec.whatwg.org/ */
export type FetchLike = (input: string | URL, init?: RequestInit) => Promise<Response>;
