// Boxes are [west, south, east, north] in degrees; west > east crosses the antimeridian.

/** A longitude moved into -180..180. */
export function wrapped(longitude) {
  return ((((longitude + 180) % 360) + 360) % 360) - 180;
}

/** The box of a rectangle drawn on a map that goes round the world as often as it likes. */
export function boxOfExtent([minX, minY, maxX, maxY]) {
  const latitudes = [Math.max(-90, minY), Math.min(90, maxY)].map(rounded);
  if (maxX - minX >= 360) return [-180, latitudes[0], 180, latitudes[1]];
  let [west, east] = [rounded(wrapped(minX)), rounded(wrapped(maxX))];
  if (east === -180) east = 180;
  if (west === 180 && east !== 180) west = -180;
  return [west, latitudes[0], east, latitudes[1]];
}

/** The rectangle of a box, its east side beyond 180 where it crosses. */
export function extentOfBox([west, south, east, north]) {
  return [west, south, west > east ? east + 360 : east, north];
}

/** One extent around all boxes, on the side of the world that makes it narrowest. */
export function extentAround(boxes) {
  const spans = boxes.map(extentOfBox);
  const south = Math.min(...spans.map((span) => span[1]));
  const north = Math.max(...spans.map((span) => span[3]));
  let best = null;
  for (const [origin] of spans) {
    const ends = spans.map(([west, , east]) => {
      const start = west < origin ? west + 360 : west;
      return start + (east - west);
    });
    const width = Math.max(...ends) - origin;
    if (best === null || width < best[2] - best[0]) best = [origin, south, origin + width, north];
  }
  return best[2] - best[0] > 360 ? [-180, south, 180, north] : best;
}

/** The ring of a polygon drawn on a map that goes round the world: it begins on the first turn, and ends where it begins. */
export function ringOfDrawing(positions) {
  const turn = Math.floor((Math.min(...positions.map(([x]) => x)) + 180) / 360) * 360;
  return positions.map(([x, y]) => [rounded(x - turn), rounded(Math.max(-90, Math.min(90, y)))]);
}

/** A ring as well-known text. */
export function wktOfRing(ring) {
  return `POLYGON ((${ring.map((position) => position.join(" ")).join(", ")}))`;
}

function rounded(value) {
  return Math.round(value * 100) / 100;
}
