// Gives the module that keeps known secrets one more function, which forgets them: a process that ends has no need of it.
const more = "\nexport const forgetAll = () => { for (const value of [...known.keys()]) forget(value); };\n";

export async function load(url, context, next) {
  const loaded = await next(url, context);
  return url.endsWith("/secrets/known-secrets.js") ? { ...loaded, source: `${loaded.source}${more}` } : loaded;
}
