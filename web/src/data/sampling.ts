// Seeded samples: the same report shows the same entities everywhere.

/** Some members without repetition, in their order (mulberry32 and a partial shuffle). */
export function seededSample<T>(members: readonly T[], n: number, seed: number): T[] {
  if (members.length <= n) return [...members];
  const order = members.map((_, i) => i);
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < n; i++) {
    const j = i + Math.floor(random() * (order.length - i));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  const chosen = order.slice(0, n).sort((a, b) => a - b);
  return chosen.map((i) => members[i] as T);
}
