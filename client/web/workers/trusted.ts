/** The page's only Trusted Types policy, by which the addresses of its own workers pass. */
interface Policy {
  createScriptURL(url: string): string;
}
interface Factory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
}

/** Lets through this one address and nothing else. Where there are no Trusted Types, the address as it is. */
export function trusted(url: string): string {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  const only = (asked: string): string => {
    if (asked !== url) throw new TypeError('not the address of a worker of ours');
    return asked;
  };
  // The type says string; the browser makes a TrustedScriptURL of it, which workers take.
  return factory ? factory.createPolicy('thicket', { createScriptURL: only }).createScriptURL(url) : only(url);
}
