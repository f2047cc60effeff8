/*
 * Nearest places on the globe in O(log n) a question: a k-d tree over points of the unit sphere, where straight distances order
 * pairs as the great circle does, poles and the date line included.
 */

export interface Located {
  id: string;
  /** Degrees, WGS 84. */
  lat: number;
  lon: number;
}

type Point = readonly [number, number, number];

interface Node<T> {
  item: T;
  point: Point;
  axis: 0 | 1 | 2;
  left: Node<T> | null;
  right: Node<T> | null;
}

const pointOf = ({ lat, lon }: Pick<Located, "lat" | "lon">): Point => {
  const [phi, lambda] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
};

const squared = (a: Point, b: Point): number => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;

const build = <T extends Located>(entries: { item: T; point: Point }[], axis: 0 | 1 | 2): Node<T> | null => {
  if (entries.length === 0) return null;
  entries.sort((a, b) => a.point[axis] - b.point[axis] || (a.item.id < b.item.id ? -1 : 1));
  const middle = entries.length >> 1;
  const entry = entries[middle];
  if (entry === undefined) return null;
  const next = ((axis + 1) % 3) as 0 | 1 | 2;
  return { ...entry, axis, left: build(entries.slice(0, middle), next), right: build(entries.slice(middle + 1), next) };
};

/** Answers for `item` its nearest others, nearest first, `k` at most. Which of several at the same distance does not depend on the order they were given in. */
export const nearestOf = <T extends Located>(items: readonly T[]): ((item: Located, k: number) => T[]) => {
  // Sorted at each level: O(n log² n), and the log is of one service's places.
  const root = build(items.map((item) => ({ item, point: pointOf(item) })), 0);
  return (item, k) => {
    const point = pointOf(item);
    const best: { item: T; distance: number }[] = [];
    const visit = (node: Node<T> | null): void => {
      if (node === null) return;
      const distance = squared(point, node.point);
      if (node.item.id !== item.id) {
        const before = best.findIndex((other) => distance < other.distance);
        if (before >= 0) best.splice(before, 0, { item: node.item, distance });
        else if (best.length < k) best.push({ item: node.item, distance });
        if (best.length > k) best.pop();
      }
      const side = point[node.axis] - node.point[node.axis];
      visit(side < 0 ? node.left : node.right);
      const worst = best.length < k ? Infinity : (best.at(-1)?.distance ?? 0);
      if (side ** 2 < worst) visit(side < 0 ? node.right : node.left);
    };
    if (k > 0) visit(root);
    return best.map((found) => found.item);
  };
};
