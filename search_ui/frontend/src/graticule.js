// Fine lines of latitude and longitude, closer together the nearer one looks.
import Graticule from "ol/layer/Graticule.js";
import Stroke from "ol/style/Stroke.js";

/** The layer of lines; labels would crowd a small map. */
export function graticule() {
  return new Graticule({
    strokeStyle: new Stroke({ color: "rgba(11, 60, 93, 0.13)", width: 0.7 }),
    showLabels: false,
    wrapX: true,
    targetSize: 80,
    intervals: [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1],
  });
}
