/** Stands where @cloudflare/voprf-ts imports the provider it would use by default: ours is always given to it by name. */
export const CryptoSjcl = undefined;
