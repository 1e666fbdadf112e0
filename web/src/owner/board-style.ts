import { css } from 'lit'

/**
 * What is drawn over a picture of which nobody knows how bright it is: every line is white
 * upon dark, so that it shows in the sun, at night, and over both.
 */
export const boardStyle = css`
  :host {
    display: block;
    touch-action: none;
    cursor: crosshair;
    user-select: none;
    -webkit-user-select: none;
  }
  svg {
    width: 100%;
    height: 100%;
    overflow: visible;
    forced-color-adjust: none;
  }
  polygon,
  polyline {
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .edge {
    fill: none;
    stroke: #10151d;
    stroke-width: 6;
  }
  .area {
    fill: #10151dd9;
    stroke: #fff;
    stroke-width: 2.5;
  }
  .area.on {
    stroke: #ffd54a;
    stroke-width: 3;
  }
  .fixed {
    fill: #10151df2;
    stroke: #b8c2d0;
    stroke-width: 2;
    stroke-dasharray: 3 6;
  }
  .open {
    fill: #ffd54a4d;
    stroke: #ffd54a;
    stroke-width: 3;
  }
  .open.edge {
    fill: none;
    stroke: #10151d;
    stroke-width: 7;
  }
  .corner,
  .plus {
    outline: none;
  }
  .corner {
    cursor: grab;
  }
  .plus {
    cursor: copy;
  }
  .reach {
    fill: transparent;
  }
  .dot {
    fill: #fff;
    stroke: #0a4fa6;
    stroke-width: 3.5;
  }
  .new .dot,
  .on .dot {
    fill: #ffd54a;
    stroke: #10151d;
  }
  .plus .dot {
    fill: #10151d;
    stroke: #fff;
    stroke-width: 2;
  }
  .plus path {
    stroke: #fff;
    stroke-width: 2;
  }
  g:focus-visible .reach {
    stroke: #fff;
    stroke-width: 3;
    paint-order: stroke;
    fill: #0a4fa666;
  }
  text {
    fill: #fff;
    font: 700 22px system-ui;
    text-anchor: middle;
    dominant-baseline: central;
    pointer-events: none;
  }
`
