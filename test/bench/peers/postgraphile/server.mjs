// PostGraphile 5 asks for Node 22, of which this is what it uses.
Promise.withResolvers ??= function withResolvers() {
  const deferred = {};
  deferred.promise = new this((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
};
const { serve } = await import('./serve.mjs');
await serve();
