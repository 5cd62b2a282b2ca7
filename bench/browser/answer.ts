/** The worker's end of a measured side: one message asks, one answers. */
export function answer<Question>(work: (question: Question) => Promise<unknown>): void {
  self.addEventListener("message", async ({ data }: MessageEvent<Question>) => {
    try {
      self.postMessage({ result: await work(data) });
    } catch (error) {
      self.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}
