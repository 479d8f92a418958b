// Reads what land.mjs packed at build time.

/** Coordinates of the land as a multipolygon in degrees. */
export async function landFeature(url) {
  const { precision, polygons } = await (await fetch(url)).json();
  return polygons.map((rings) => rings.map((ring) => unpacked(ring, precision)));
}

function unpacked(ring, precision) {
  const points = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < ring.length; i += 2) {
    x += ring[i];
    y += ring[i + 1];
    points.push([x / precision, y / precision]);
  }
  return points;
}
