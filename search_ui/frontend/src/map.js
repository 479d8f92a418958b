// The maps: land as vectors on a plate carrée, extents of records, and a box or a polygon to draw.
import Feature from "ol/Feature.js";
import Map from "ol/Map.js";
import View from "ol/View.js";
import { defaults as defaultControls } from "ol/control/defaults.js";
import GeoJSON from "ol/format/GeoJSON.js";
import WKT from "ol/format/WKT.js";
import MultiPolygon from "ol/geom/MultiPolygon.js";
import { fromExtent } from "ol/geom/Polygon.js";
import { platformModifierKeyOnly } from "ol/events/condition.js";
import { defaults as defaultInteractions } from "ol/interaction/defaults.js";
import DragBox from "ol/interaction/DragBox.js";
import Draw from "ol/interaction/Draw.js";
import MouseWheelZoom from "ol/interaction/MouseWheelZoom.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import CircleStyle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import { boxOfExtent, extentAround, extentOfBox, ringOfDrawing, wktOfRing } from "./boxes.js";
import { graticule } from "./graticule.js";
import { heatmap } from "./heatmap.js";
import { landFeature } from "./land.js";

const LAND = new Style({ fill: new Fill({ color: "#d9d4c5" }) });
const EXTENT = extentStyle("#0b6e8f", "rgba(20, 130, 165, 0.10)", 1.5);
const LIT = extentStyle("#c2410c", "rgba(234, 120, 40, 0.22)", 2.5);
const CHOSEN = new Style({
  fill: new Fill({ color: "rgba(245, 158, 11, 0.12)" }),
  stroke: new Stroke({ color: "#b45309", width: 2, lineDash: [7, 5] }),
});
const BOUNDS = ["west", "south", "east", "north"];

function extentStyle(stroke, fill, width) {
  const [line, area] = [new Stroke({ color: stroke, width }), new Fill({ color: fill })];
  const dot = new CircleStyle({ radius: width * 3, fill: new Fill({ color: stroke }), stroke: new Stroke({ color: "#fff", width: 1.5 }) });
  return new Style({ stroke: line, fill: area, image: dot });
}

function layer(style, features = []) {
  return new VectorLayer({ source: new VectorSource({ features }), style });
}

/** What a box looks like: a rectangle, or a point where it has no size. */
function shapeOf(box, properties = {}) {
  const extent = extentOfBox(box);
  const polygon = fromExtent(extent);
  const isPoint = extent[2] - extent[0] < 1e-6 && extent[3] - extent[1] < 1e-6;
  return new Feature({ geometry: isPoint ? polygon.getInteriorPoint() : polygon, ...properties });
}

function boxesOf(element) {
  try {
    return JSON.parse(element.dataset.boxes || "[]");
  } catch {
    return [];
  }
}

/** The record's own geometry where there is one that can be read, else its boxes. */
function shapesOf(element) {
  if (element.dataset.geometry) {
    try {
      return [new Feature(new WKT().readGeometry(element.dataset.geometry))];
    } catch {
      // Its boxes cover it.
    }
  }
  return boxesOf(element).map((box) => shapeOf(box));
}

/** The extents of all results; those around the whole world would only cover the others. */
function resultShapes() {
  return [...document.querySelectorAll("[data-result]")].flatMap((element) =>
    boxesOf(element)
      .filter(([west, , east]) => east - west < 359)
      .map((box) => shapeOf(box, { element })),
  );
}

/** Point at a result, and its extent lights up; point at an extent, and its result does. */
function linkResults(map, extents) {
  const light = (element) => {
    for (const feature of extents.getSource().getFeatures()) {
      feature.setStyle(feature.get("element") === element ? LIT : undefined);
    }
    for (const result of document.querySelectorAll("[data-result]")) {
      result.classList.toggle("is-lit", result === element);
    }
  };
  for (const result of document.querySelectorAll("[data-result]")) {
    result.addEventListener("pointerenter", () => light(result));
    result.addEventListener("focusin", () => light(result));
    result.addEventListener("pointerleave", () => light(null));
  }
  map.on("pointermove", (event) => {
    const found = event.dragging ? null : map.forEachFeatureAtPixel(event.pixel, (feature) => feature.get("element"));
    light(found || null);
  });
}

/** Ties what is drawn to the form, both ways: a box to its four inputs, a polygon to its text. */
function drawArea(map, element, chosen) {
  const form = document.getElementById(element.dataset.form);
  const inputs = BOUNDS.map((name) => form.elements[name]);
  const text = form.elements.polygon;
  const show = () => {
    chosen.getSource().clear();
    const bounds = inputs.map((input) => (input.value.trim() === "" ? NaN : Number(input.value)));
    if (bounds.every(Number.isFinite)) chosen.getSource().addFeature(shapeOf(bounds));
    const polygon = text && polygonOf(text.value);
    if (polygon) chosen.getSource().addFeature(new Feature(polygon));
  };
  const write = (values, wkt) => {
    inputs.forEach((input, i) => { input.value = values[i]; });
    if (text) text.value = wkt;
    show();
  };
  const submit = () => { if (element.dataset.submits) form.requestSubmit(); };
  const box = new DragBox({ className: "ol-dragbox map-drawing" });
  box.on("boxend", () => {
    write(boxOfExtent(box.getGeometry().getExtent()), "");
    pick(null);
    submit();
  });
  const tools = [[tool(element, "draw", element.dataset.drawLabel), box]];
  if (text) {
    const polygon = new Draw({ type: "Polygon", style: CHOSEN });
    polygon.on("drawend", (event) => {
      const [ring] = event.feature.getGeometry().getCoordinates();
      write(["", "", "", ""], wktOfRing(ringOfDrawing(ring)));
      text.closest("details").open = true;
      setTimeout(() => pick(null)); // the double click that ends it must not zoom
      submit();
    });
    tools.push([tool(element, "polygon", element.dataset.polygonLabel), polygon]);
  }
  const pick = (chosenTool) => {
    for (const [button, interaction] of tools) {
      const on = interaction === chosenTool;
      interaction.setActive(on);
      button.setAttribute("aria-pressed", String(on));
    }
    element.classList.toggle("is-drawing", chosenTool !== null);
  };
  for (const [button, interaction] of tools) {
    map.addInteraction(interaction);
    button.addEventListener("click", () => pick(interaction.getActive() ? null : interaction));
  }
  pick(null);
  element.addEventListener("keydown", (event) => { if (event.key === "Escape") pick(null); });
  tool(element, "clear", element.dataset.clearLabel).addEventListener("click", () => write(["", "", "", ""], ""));
  for (const input of text ? [...inputs, text] : inputs) input.addEventListener("input", show);
  show();
}

/** The geometry of WKT or GeoJSON; null for anything else, which the server explains. */
function polygonOf(written) {
  const format = written.trim().startsWith("{") ? new GeoJSON() : new WKT();
  try {
    return written.trim() ? format.readFeature(written).getGeometry() : null;
  } catch {
    return null;
  }
}

function tool(element, kind, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `map-tool map-tool-${kind} btn btn-sm`;
  button.textContent = label;
  button.title = element.dataset[`${kind}Title`] || label;
  element.querySelector(".map-tools").append(button);
  return button;
}

function start(element) {
  element.replaceChildren(Object.assign(document.createElement("div"), { className: "map-tools" }));
  const land = layer(LAND);
  const extents = layer(EXTENT, element.dataset.map === "record" ? shapesOf(element) : resultShapes());
  const chosen = layer(CHOSEN);
  const view = new View({ projection: "EPSG:4326", center: [150, 10], zoom: 1, maxZoom: 12, showFullExtent: true });
  const map = new Map({
    target: element,
    layers: [land, graticule(), extents, chosen],
    view,
    controls: defaultControls({ attribution: false, rotate: false }),
    // A page is scrolled over a map without getting caught in it: the wheel zooms with Ctrl or Command.
    interactions: defaultInteractions({ mouseWheelZoom: false, altShiftDragRotate: false, pinchRotate: false })
      .extend([new MouseWheelZoom({ condition: platformModifierKeyOnly })]),
  });
  landFeature(element.dataset.land).then((geometry) => land.getSource().addFeature(new Feature(new MultiPolygon(geometry))));
  if (element.dataset.form) drawArea(map, element, chosen);
  if (element.dataset.map === "search") linkResults(map, extents);
  frame(element, view, map, chosen);
  if (element.dataset.heatmap) heatmap(map, element, tool(element, "heatmap", element.dataset.heatmapLabel));
  map.once("rendercomplete", () => { element.dataset.ready = "true"; });
}

/** Shows the asked box, else the record's extent, else all results or the world. */
function frame(element, view, map, chosen) {
  const own = element.dataset.map === "record" ? boxesOf(element) : [];
  const asked = chosen.getSource().getFeatures().map((feature) => boxOfExtent(feature.getGeometry().getExtent()));
  const boxes = asked.length ? asked : own;
  if (!boxes.length) {
    const around = element.dataset.map === "landing" ? [90, -60, 270, 75] : [-30, -85, 330, 85];
    view.fit(around, { size: map.getSize() });
    return;
  }
  const [west, south, east, north] = extentAround(boxes);
  const margin = Math.max((east - west) * 0.25, (north - south) * 0.25, 2);
  view.fit([west - margin, Math.max(-90, south - margin), east + margin, Math.min(90, north + margin)], { size: map.getSize() });
}

/** Starts a map when it can be seen: on a phone it stands in a closed panel at first. */
function startWhenSeen(element) {
  if (element.checkVisibility()) {
    start(element);
    return;
  }
  const again = () => startWhenSeen(element);
  element.closest("details").addEventListener("toggle", () => requestAnimationFrame(again), { once: true });
}

for (const element of document.querySelectorAll("[data-map]")) startWhenSeen(element);
