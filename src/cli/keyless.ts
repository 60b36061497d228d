/** An environment in which no key is missing, for what needs none: a table of models, a drawing. */
export function keyless(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return new Proxy(environment, {
    get: (variables, name) => {
      const value = variables[String(name)];
      return value || (/KEY|TOKEN|SECRET/i.test(String(name)) ? "not-needed" : value);
    },
  });
}
