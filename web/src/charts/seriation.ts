// An order of rows and columns that puts what belongs together side by side.

/** Reorder both by the mean place of their partners, some rounds long. */
export function seriated(
  pairs: readonly (readonly [row: string, column: string, weight: number])[],
  rounds = 6,
): { rows: string[]; columns: string[] } {
  let rows = [...new Set(pairs.map(([row]) => row))];
  let columns = [...new Set(pairs.map(([, column]) => column))];
  for (let i = 0; i < rounds; i++) {
    const flipped = pairs.map(([row, column, weight]) => [column, row, weight] as const);
    rows = ordered(rows, columns, pairs);
    columns = ordered(columns, rows, flipped);
  }
  return { rows, columns };
}

function ordered(
  names: readonly string[],
  partners: readonly string[],
  pairs: readonly (readonly [string, string, number])[],
): string[] {
  const place = new Map(partners.map((name, i) => [name, i]));
  const sums = new Map(names.map((name) => [name, [0, 0] as [number, number]]));
  for (const [name, partner, weight] of pairs) {
    const sum = sums.get(name);
    if (sum === undefined) continue;
    sum[0] += weight * (place.get(partner) ?? 0);
    sum[1] += weight;
  }
  const mean = (name: string): number => {
    const [total, weight] = sums.get(name) ?? [0, 0];
    return weight ? total / weight : 0;
  };
  return [...names].sort((a, b) => mean(a) - mean(b));
}
