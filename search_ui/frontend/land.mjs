// The land of the world, prepared once at build time from world-atlas (Natural Earth, public domain):
// rings that cross 180 degrees are cut there, lines are thinned, coordinates become small differences of integers.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";

const require = createRequire(import.meta.url);

/** Polygons of the land: arrays of rings (the first one the outer), each a list of [longitude, latitude] in -180..180. */
export function landPolygons(scale) {
  const topology = JSON.parse(readFileSync(require.resolve(`world-atlas/land-${scale}.json`), "utf8"));
  const land = feature(topology, topology.objects.land);
  const features = land.type === "FeatureCollection" ? land.features : [land];
  const polygons = features.flatMap(({ geometry }) =>
    geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates,
  );
  const whole = polygons.map((rings) => rings.filter(hasHeight)).filter((rings) => rings.length > 0);
  const cut = whole.flatMap(cutAtAntimeridian);
  for (const ring of cut.flat()) checkRing(ring);
  return cut;
}

/** The same polygons in steps of 1/`precision` degrees, each ring as [x0, y0, dx1, dy1, ...]; slivers are left out. */
export function packed(polygons, precision, tolerance) {
  return polygons
    .map((rings) => rings.map((ring) => differences(thinned(ring, tolerance), precision)))
    .map((rings) => rings.filter((ring) => ring.length >= 8))
    .filter((rings) => rings.length > 0);
}

/** One SVG path of all rings, y pointing down. */
export function svgPath(polygons, tolerance) {
  const number = (value) => String(Math.round(value * 10) / 10);
  return polygons
    .flat()
    .map((ring) => thinned(ring, tolerance))
    .filter((ring) => ring.length >= 4)
    .map((ring) => "M" + ring.slice(0, -1).map(([x, y]) => `${number(x)},${number(-y)}`).join("L") + "Z")
    .join("");
}

/** Natural Earth closes Antarctica with a slit along the pole, which encloses nothing. */
function hasHeight(ring) {
  return ring.some(([, y]) => y !== ring[0][1]);
}

function cutAtAntimeridian(rings) {
  const unrolled = rings.map(unroll);
  const longitudes = unrolled[0].map(([x]) => x);
  if (Math.min(...longitudes) >= -180 && Math.max(...longitudes) <= 180) return [unrolled];
  return [-360, 0, 360]
    .map((shift) => unrolled.map((ring) => windowOf(ring, shift)).filter((ring) => ring.length >= 4))
    .filter((pieces) => pieces.length > 0);
}

/** Longitudes without jumps; a ring around the pole (Antarctica) is closed along it. */
function unroll(ring) {
  const out = [ring[0].slice()];
  for (const [x, y] of ring.slice(1)) {
    const last = out[out.length - 1][0];
    out.push([x - 360 * Math.round((x - last) / 360), y]);
  }
  const turn = out[out.length - 1][0] - out[0][0];
  if (Math.abs(turn) < 180) return out;
  const pole = out[0][1] < 0 ? -90 : 90;
  return [...out, [out[out.length - 1][0], pole], [out[0][0], pole], out[0].slice()];
}

/** The part of a ring between -180 + shift and 180 + shift, moved by -shift (Sutherland and Hodgman 1974). */
function windowOf(ring, shift) {
  const west = clipped(ring, -180 + shift, 1);
  return clipped(west, 180 + shift, -1).map(([x, y]) => [x - shift, y]);
}

function clipped(ring, limit, side) {
  const out = [];
  const inside = ([x]) => (x - limit) * side >= 0;
  for (let i = 1; i < ring.length; i += 1) {
    const [a, b] = [ring[i - 1], ring[i]];
    if (inside(a) !== inside(b)) {
      const share = (limit - a[0]) / (b[0] - a[0]);
      out.push([limit, a[1] + share * (b[1] - a[1])]);
    }
    if (inside(b)) out.push(b);
  }
  if (out.length) out.push(out[0].slice());
  return out;
}

function checkRing(ring) {
  ring.forEach(([x, y], i) => {
    const jump = i > 0 ? Math.abs(x - ring[i - 1][0]) : 0;
    const alongPole = Math.abs(y) === 90;
    if (Math.abs(x) > 180 || (jump > 180 && !alongPole)) throw new Error(`land: a ring still jumps at ${x}, ${y}`);
  });
}

/** Points that matter by more than `tolerance` degrees (Douglas and Peucker 1973), from two far-apart fixed ones. */
function thinned(ring, tolerance) {
  const far = ring.reduce((best, point, i) => (distance(point, ring[0]) > distance(ring[best], ring[0]) ? i : best), 0);
  const keep = new Set([0, far, ring.length - 1]);
  const stack = [[0, far], [far, ring.length - 1]];
  while (stack.length) {
    const [from, to] = stack.pop();
    let [worst, where] = [tolerance, -1];
    for (let i = from + 1; i < to; i += 1) {
      const off = offLine(ring[i], ring[from], ring[to]);
      if (off > worst) [worst, where] = [off, i];
    }
    if (where > 0) {
      keep.add(where);
      stack.push([from, where], [where, to]);
    }
  }
  return ring.filter((_, i) => keep.has(i));
}

function distance([ax, ay], [bx, by]) {
  return Math.hypot(ax - bx, ay - by);
}

function offLine(point, a, b) {
  const length = distance(a, b);
  if (length === 0) return distance(point, a);
  return Math.abs((b[0] - a[0]) * (a[1] - point[1]) - (a[0] - point[0]) * (b[1] - a[1])) / length;
}

function differences(ring, precision) {
  const out = [];
  let [x, y] = [0, 0];
  for (const [longitude, latitude] of ring) {
    const [nx, ny] = [Math.round(longitude * precision), Math.round(latitude * precision)];
    if (out.length && nx === x && ny === y) continue;
    out.push(nx - x, ny - y);
    [x, y] = [nx, ny];
  }
  return out;
}
