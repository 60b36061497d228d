/** Milliseconds that a call waits for a store at most. */
const longestStoreWait = 50;

/** Waits for a store at most 50 ms; `undefined` if it is slow or fails, so that it neither delays nor fails a call. */
export function fromStore<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), longestStoreWait);
    const settle = (value?: T) => {
      clearTimeout(timer);
      resolve(value);
    };
    new Promise<T>((answer) => answer(read())).then(settle, () => settle());
  });
}
