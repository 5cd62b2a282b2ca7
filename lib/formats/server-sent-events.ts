export interface ServerSentEvent {
  event: string;
  data: string;
}

/** Reads an event stream (WHATWG HTML, "Interpreting an event stream"); comments and ids are passed over. */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<ServerSentEvent> {
  let rest = "";
  let event = "message";
  let data: string[] = [];
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { event, data: data.join("\n") };
        event = "message";
        data = [];
      } else if (line.startsWith("event:")) {
        event = valueAfter(line, "event:");
      } else if (line.startsWith("data:")) {
        data.push(valueAfter(line, "data:"));
      }
    }
  }
}

function valueAfter(line: string, field: string): string {
  const value = line.slice(field.length);
  return value.startsWith(" ") ? value.slice(1) : value;
}
