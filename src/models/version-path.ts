/**
 * Makes a `fetch` for an address without a path, whose server may have its API under `/v1`: a request that is not found at the address
 * is sent again below `/v1`, and so are later ones.
 *
 * @returns `undefined` for an address with a path
 */
export function withVersion(baseUrl: string): typeof fetch | undefined {
  if (!URL.canParse(baseUrl) || new URL(baseUrl).pathname !== "/") return undefined;
  const start = baseUrl.replace(/\/+$/, "");
  let isBelow = false;
  return async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const below = `${start}/v1${url.slice(start.length)}`;
    const canMove = typeof input !== "object" || input instanceof URL;
    if (!canMove || !url.startsWith(start)) return fetch(input, init);
    if (isBelow) return fetch(below, init);
    const response = await fetch(input, init);
    if (response.status !== 404 && response.status !== 405) return response;
    const second = await fetch(below, init);
    if (second.status === 404 || second.status === 405) {
      await second.body?.cancel();
      return response;
    }
    await response.body?.cancel();
    isBelow = true;
    return second;
  };
}
