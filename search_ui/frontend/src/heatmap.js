// Where all hits are, as squares on the map that are the darker the more hits have their middle in them.
import Feature from "ol/Feature.js";
import { fromExtent } from "ol/geom/Polygon.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import Fill from "ol/style/Fill.js";
import Style from "ol/style/Style.js";

const FINEST = 7;
const PIXELS = 14; // about the side of a tile on the screen
const STEPS = 6;
const REMEMBERED = "heatmap";
const STYLES = Array.from({ length: STEPS }, (_, i) => new Style({ fill: new Fill({ color: `rgba(194, 65, 12, ${0.14 + (0.6 * i) / (STEPS - 1)})` }) }));

/** The zoom at which a tile, 180 degrees at zoom 0, is about as large as it should be. */
export function zoomOf(resolution) {
  return Math.max(0, Math.min(FINEST, Math.round(Math.log2(180 / (resolution * PIXELS)))));
}

/** A step of colour for a count: logarithmic, since most tiles have few hits and some very many. */
export function stepOf(count, most) {
  return most <= 1 ? STEPS - 1 : Math.round(((STEPS - 1) * Math.log(count)) / Math.log(most));
}

/** Adds the layer to a map that has an address to get it from. */
export function heatmap(map, element, button) {
  const source = new VectorSource();
  const layer = new VectorLayer({ source });
  const note = Object.assign(document.createElement("p"), { className: "map-note", hidden: true });
  element.append(note);
  let shown = null;

  const show = async () => {
    const zoom = zoomOf(map.getView().getResolution());
    if (!layer.getVisible() || zoom === shown) return;
    shown = zoom;
    const tiles = await load(`${element.dataset.heatmap}${zoom}`);
    if (shown !== zoom) return;
    const most = Math.max(0, ...tiles.map((tile) => tile.count));
    source.clear();
    source.addFeatures(tiles.map(({ bbox, count }) => {
      const feature = new Feature({ geometry: fromExtent(bbox), count });
      feature.setStyle(STYLES[stepOf(count, most)]);
      return feature;
    }));
    element.dataset.heatmapZoom = String(zoom);
    element.dataset.heatmapTiles = String(tiles.length);
  };
  const turn = (on) => {
    layer.setVisible(on);
    button.setAttribute("aria-pressed", String(on));
    if (on) show();
  };
  map.getLayers().insertAt(1, layer); // on the land, below everything else
  map.on("moveend", show);
  map.on("pointermove", (event) => {
    const tile = event.dragging ? null : map.forEachFeatureAtPixel(event.pixel, (feature) => feature.get("count"), { layerFilter: (each) => each === layer });
    note.hidden = !tile;
    if (tile) note.textContent = `${element.dataset.heatmapNote}: ${tile.toLocaleString()}`;
  });
  button.addEventListener("click", () => {
    turn(!layer.getVisible());
    remember(layer.getVisible());
  });
  turn(remembered());
}

async function load(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? (await answer.json()).heatmap.tiles : [];
  } catch {
    return [];
  }
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED) !== "off";
  } catch {
    return true;
  }
}

function remember(on) {
  try {
    localStorage.setItem(REMEMBERED, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing shows it again on the next page.
  }
}
