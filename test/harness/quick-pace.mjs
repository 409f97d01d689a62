// Loaded into a spawned `thicket`: whoever takes the default pauses takes the quick ones.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === './pace.ts' && context.parentURL?.endsWith('/client/core/session/keeper.ts')) return next(new URL('quick-pace.ts', import.meta.url).href, context);
    return next(specifier, context);
  },
});
