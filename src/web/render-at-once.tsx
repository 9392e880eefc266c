/**
 * Has pages rendered without being followed; to be called before the first of them. hono/jsx runs each render in an
 * AsyncLocalStorage, for components that wait for something, and ours never do. Before Node 24 a process in which one was ever used
 * pays for it with every promise from then on, whatever it is for. It is looked for at the first render only, and done without where
 * there is none.
 */
export function renderAtOnce(): void {
  const found = Object.getOwnPropertyDescriptor(process, 'getBuiltinModule');
  if (!found?.configurable) return;
  Object.defineProperty(process, 'getBuiltinModule', { ...found, value: undefined });
  try {
    String(<i />);
  } finally {
    Object.defineProperty(process, 'getBuiltinModule', found);
  }
}
