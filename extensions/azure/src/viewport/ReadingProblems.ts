/** What could not be read on this page, and why. Errors are kept as they came; what is said of them is explainProblem.ts's. */
export class ReadingProblems {
  readonly #images = new Map<string, unknown>();
  readonly #instances = new Map<string, unknown>();
  readonly #listeners = new Set<() => void>();

  /** An image could not be loaded. */
  imageFailed(imageId: string, error: unknown): void {
    this.#images.set(imageId, error);
    this.#tell();
  }

  /** An image is there, perhaps at a second attempt. */
  imageLoaded(imageId: string): void {
    if (this.#images.delete(imageId)) this.#tell();
  }

  /** A document or a video could not be shown. */
  instanceFailed(sopInstanceUID: string, error: unknown): void {
    this.#instances.set(sopInstanceUID, error);
    this.#tell();
  }

  /** It is being read, or is there. */
  instanceLoaded(sopInstanceUID: string): void {
    if (this.#instances.delete(sopInstanceUID)) this.#tell();
  }

  /** Why an image could not be loaded. */
  ofImage(imageId: string): { error: unknown } | undefined {
    return this.#images.has(imageId) ? { error: this.#images.get(imageId) } : undefined;
  }

  ofInstance(sopInstanceUID: string): { error: unknown } | undefined {
    return this.#instances.has(sopInstanceUID)
      ? { error: this.#instances.get(sopInstanceUID) }
      : undefined;
  }

  /** How many of these images could not be loaded. */
  countOf(imageIds: readonly string[]): number {
    return this.#images.size === 0 ? 0 : imageIds.filter(id => this.#images.has(id)).length;
  }

  /** Forgets all; for when a study is left. */
  clear(): void {
    this.#images.clear();
    this.#instances.clear();
    this.#tell();
  }

  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    this.#listeners.forEach(listener => listener());
  }
}
