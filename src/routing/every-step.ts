/** Routes that decide for each step of a tool loop. */
const marked = new WeakSet<object>();

/** Marks a route that is also called where results of tools came, which otherwise go to the model that called the tools. */
export function everyStep<Route extends object>(route: Route): Route {
  marked.add(route);
  return route;
}

/** True for a route that is called in a tool loop, too. */
export function decidesEveryStep(route: object): boolean {
  return marked.has(route);
}
