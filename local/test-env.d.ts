declare namespace Cloudflare {
  /** Bound in tests only, by `vectorizeTestBindings`. */
  interface Env {
    VECTORIZE_SMALL: Vectorize;
    VECTORIZE_SOON: Vectorize;
    VECTORIZE_LATE: Vectorize;
    VECTORIZE_NARROW: Vectorize;
  }
}
