/** Server-sent event, by the pattern of Google's SDK. */
const event = () => /data: .*(?:\n\n|\r\r|\r\n\r\n)/y;
const partOfEnd = /^(?:\n|\r(?:\n\r?)?)$/;

/**
 * Emits a body by whole events, and an unparsable rest at the end. Google's SDK searches its whole buffer on each chunk, so an event of
 * 32 MB, or an unparsable line before 32 MB, would block the process for minutes.
 */
export function eventByEvent(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const encoder = new TextEncoder();
  let held: string[] = [];
  let unreadable = false;
  return new TransformStream({
    transform(piece, controller) {
      const text = decoder.decode(piece, { stream: true });
      held.push(text);
      if (unreadable || !/[\r\n]/.test(text)) return;
      const all = held.join("");
      const next = event();
      let read = 0;
      while (next.test(all)) read = next.lastIndex;
      if (read > 0) controller.enqueue(encoder.encode(all.slice(0, read)));
      const rest = all.slice(read);
      const end = rest.search(/[\r\n]/);
      unreadable = end >= 0 && !partOfEnd.test(rest.slice(end));
      held = [rest];
    },
    flush(controller) {
      controller.enqueue(encoder.encode(held.join("") + decoder.decode()));
    },
  });
}
