/** Built once for each environment that this isolate serves, however many objects live in it. */
export const once = <T>(build: (env: Cloudflare.Env) => T): ((env: Cloudflare.Env) => T) => {
  const built = new WeakMap<object, { value: T }>();
  return (env) => {
    const known = built.get(env) ?? { value: build(env) };
    built.set(env, known);
    return known.value;
  };
};
