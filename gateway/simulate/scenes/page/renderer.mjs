import { paintAtlas } from './atlas.mjs';
import { copy, Program, shadowTarget, target, textureOf, upload } from './gl.mjs';
import { paintGround } from './ground.mjs';
import { add, clamp, dot, IDENTITY, lookAt, mirrorZ, multiply, normalize, orthographic, perspective, scale, sub } from './math.mjs';
import { Mesh } from './mesh.mjs';
import { paintOverlay } from './osd.mjs';
import { caster, ground, overlay, shade, sky, solid, sprite } from './shaders.mjs';
import { SKIES } from './skies.mjs';
import { buildStreet } from './street.mjs';

const WIDTH = 1280,
  HEIGHT = 720;
// Drawn at twice the size and halved: edges stay smooth without costing bits as they move.
const SUPER = 2,
  SPAN = 120,
  SHADOW_SIZE = 4096,
  SHADOW_HALF = 75;
// Columns and rows of the areas that are wiped between pictures.
const TILES = [32, 18];
// Texture units.
const ATLAS = 0,
  EMISSION = 1,
  PAINT = 2,
  SHADOW = 3,
  LAMPS = 4,
  MIRROR = 5,
  OVERLAY = 6,
  OUTPUT = 7;
const ONES = new Float32Array(24).fill(1),
  DARK = new Float32Array(8);

/** Draws one scene. What stands still is drawn once and kept with its depth; a picture adds what moves. */
export class Renderer {
  constructor(canvas, scene) {
    const gl = (this.gl = canvas.getContext('webgl2', { antialias: false }));
    if (!gl) throw new Error('this browser has no WebGL 2');
    this.scene = scene;
    this.sky = SKIES[scene.sky];
    this.street = buildStreet(scene);
    this.programs = {
      solid: new Program(gl, { vertex: solid.vertex, fragment: solid.fragment(1, false) }),
      still: new Program(gl, { vertex: solid.vertex, fragment: solid.fragment(16, true) }),
    };
    for (const [name, source] of Object.entries({ ground, sky, caster, shade, sprite, overlay }))
      this.programs[name] = new Program(gl, source);
    const atlas = paintAtlas(scene.seed);
    textureOf(gl, ATLAS, atlas.albedo);
    textureOf(gl, EMISSION, atlas.emission);
    textureOf(gl, PAINT, paintGround(scene, SPAN));
    textureOf(gl, LAMPS, this.paintLamps(), { mipmaps: false });
    textureOf(gl, OVERLAY, paintOverlay(scene, WIDTH, HEIGHT), { mipmaps: false });
    this.shadow = shadowTarget(gl, SHADOW_SIZE, SHADOW);
    this.mirror = target(gl, WIDTH, HEIGHT, { unit: MIRROR });
    this.output = target(gl, WIDTH, HEIGHT, { depth: false, unit: OUTPUT });
    this.still = target(gl, WIDTH * SUPER, HEIGHT * SUPER);
    this.moving = target(gl, WIDTH * SUPER, HEIGHT * SUPER);
    this.empty = gl.createVertexArray();
    this.setCamera();
    this.drawStill();
  }

  setCamera() {
    const { eye, target: aim, focal } = this.scene.camera,
      { sky: light } = this;
    this.eye = eye;
    this.forward = normalize(sub(aim, eye));
    const view = lookAt(eye, aim);
    this.view = multiply(perspective(focal, WIDTH / HEIGHT, 0.5, 900), view);
    this.side = [view[0], view[4], view[8]];
    this.up = [view[1], view[5], view[9]];
    const middle = [aim[0], aim[1], 0];
    this.shadowView = multiply(orthographic(SHADOW_HALF, 1, 400), lookAt(add(middle, scale(light.sun, 200)), middle));
    const k = WIDTH / HEIGHT / focal;
    this.corners = new Float32Array(16);
    this.corners.set([...scale(this.side, k), 0, ...scale(this.up, 1 / focal), 0, ...this.forward, 0]);
    this.common = {
      uView: this.view,
      uEye: eye,
      uSun: light.sun,
      uSunColor: light.sunColor,
      uSky: light.sky,
      uGround: light.ground,
      uZenith: light.zenith,
      uHorizon: light.horizon,
      uFog: light.fog,
      uFogStart: light.fogStart,
      uFogRange: light.fogRange,
      uNight: light.night,
      uExposure: light.exposure,
      uSpan: SPAN,
      uShadowMatrix: this.shadowView,
      uShadow: SHADOW,
      uLamps: LAMPS,
      uAlbedo: ATLAS,
      uEmission: EMISSION,
      uPaint: PAINT,
      uMirror: MIRROR,
      uSize: [WIDTH * SUPER, HEIGHT * SUPER],
      uWet: this.scene.wet ?? 0,
      uModel: IDENTITY,
      uPalette: ONES,
      uGlow: DARK,
      uFade: 1,
      uCorners: this.corners,
    };
  }

  /** The light of street lamps and shop windows on the ground, seen from above. */
  paintLamps() {
    const size = 512,
      canvas = new OffscreenCanvas(size, size),
      g = canvas.getContext('2d'),
      k = size / SPAN;
    g.fillStyle = '#000';
    g.fillRect(0, 0, size, size);
    if (!this.sky.lamps) return canvas;
    g.globalCompositeOperation = 'lighter';
    const pool = (x, y, r, color, a) => {
      // Rows run from south to north: the shader reads the map without turning it over.
      const [px, py] = [(x + SPAN / 2) * k, (y + SPAN / 2) * k],
        fade = g.createRadialGradient(px, py, 0, px, py, r * k);
      for (const [at, part] of [
        [0, 1],
        [0.25, 0.72],
        [0.5, 0.36],
        [0.75, 0.1],
        [1, 0],
      ])
        fade.addColorStop(at, `rgba(${color},${a * part})`);
      g.fillStyle = fade;
      g.fillRect(px - r * k, py - r * k, 2 * r * k, 2 * r * k);
    };
    const color = this.scene.lampColor ?? '255,196,122';
    for (const [x, y] of this.street.lamps) pool(x, y, 16, color, this.sky.lamps * 0.64);
    for (const s of this.street.spots) pool(s.x, s.y, s.r + 1.5, s.color, this.sky.lamps * 0.34);
    return canvas;
  }

  drawStill() {
    const { gl, common } = this,
      mesh = upload(gl, this.street.mesh),
      floor = new Mesh();
    floor.quad([-600, -600, 0], [600, -600, 0], [600, 600, 0], [-600, 600, 0]);
    const plane = upload(gl, floor);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    this.begin(this.shadow);
    this.draw('caster', mesh, { uView: this.shadowView });
    const street = (values) => {
      gl.colorMask(false, false, false, false);
      this.draw('caster', mesh, values);
      gl.colorMask(true, true, true, true);
      this.draw('still', mesh, values);
    };
    if (this.scene.wet) {
      this.begin(this.mirror);
      this.drawSky();
      street({ uView: multiply(this.view, mirrorZ) });
      this.halos(true);
    }
    this.begin(this.still);
    this.drawSky();
    street({});
    gl.enable(gl.STENCIL_TEST);
    gl.stencilFunc(gl.ALWAYS, 1, 255);
    gl.stencilOp(gl.KEEP, gl.KEEP, gl.REPLACE);
    this.draw('ground', plane, {});
    gl.disable(gl.STENCIL_TEST);
    this.halos(false);
    this.dirty = new Uint8Array(TILES[0] * TILES[1]).fill(1);
    for (const program of Object.values(this.programs)) program.use(this.common);
  }

  begin({ framebuffer, width, height }) {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT | gl.STENCIL_BUFFER_BIT);
  }

  /** Draws once with everything set; `again` relies on what an earlier draw set and gives only what differs. */
  draw(program, mesh, values) {
    this.again(program, mesh, { ...this.common, ...values });
  }

  again(program, { vao, count, shared }, values) {
    const { gl } = this;
    this.programs[program].use(values);
    gl.bindVertexArray(vao);
    shared ? gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_SHORT, 0) : gl.drawArrays(gl.TRIANGLES, 0, count);
  }

  drawSky() {
    const { gl } = this;
    gl.depthMask(false);
    this.draw('sky', { vao: this.empty, count: 3 }, {});
    gl.depthMask(true);
  }

  /** Halos of the street lamps. */
  halos(mirrored) {
    const { night } = this.sky;
    if (!this.sky.lamps) return;
    const [r, g, b] = (this.scene.lampColor ?? '255,196,122').split(',').map((v) => v / 255);
    this.additive();
    for (const [x, y, z] of this.street.lamps) {
      const at = [x, y, mirrored ? -z : z];
      this.sprite(2, at, 2.2, 2.2, [r, g, b, 0.6 * night]);
      this.sprite(2, at, 0.7, 0.7, [1, 0.95, 0.85, 0.8 * night]);
    }
    this.opaque();
  }

  additive() {
    const { gl } = this;
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE);
    gl.depthMask(false);
  }

  opaque() {
    const { gl } = this;
    gl.disable(gl.BLEND);
    gl.depthMask(true);
  }

  /** A soft quad that faces the camera, a little nearer than its centre so that its own lamp does not hide it. */
  sprite(shape, center, wide, high, tint) {
    const toEye = normalize(sub(this.eye, center));
    this.quad(shape, add(center, scale(toEye, 0.35)), scale(this.side, wide), scale(this.up, high), tint);
  }

  quad(shape, center, across, along, tint, view = this.view) {
    const { gl } = this;
    this.programs.sprite.use({ uView: view, uCenter: center, uAcross: across, uAlong: along, uTint: tint, uShape: shape });
    gl.bindVertexArray(this.empty);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  /** Notes that what is about to be drawn within `radius` of a point must be wiped before the next picture. */
  touch(point, radius) {
    const d = sub(point, this.eye),
      depth = dot(d, this.forward),
      { focal } = this.scene.camera;
    // An edge lies farthest from the picture's middle if it is at the near side of the ball, nearest at its far side.
    const tileAt = (offset, outward, zoom, count) => {
      const picture = (offset * zoom) / Math.max(0.5, offset * outward > 0 ? depth - radius : depth + radius);
      return clamp(Math.floor((picture / 2 + 0.5) * count), 0, count - 1);
    };
    const span = (offset, zoom, count) => [tileAt(offset - radius, -1, zoom, count), tileAt(offset + radius, 1, zoom, count)];
    const [x0, x1] = span(dot(d, this.side), (focal * HEIGHT) / WIDTH, TILES[0]);
    const [y0, y1] = span(dot(d, this.up), focal, TILES[1]);
    for (let y = y0; y <= y1; y++) this.dirty.fill(1, y * TILES[0] + x0, y * TILES[0] + x1 + 1);
  }

  /** Puts the kept street back where the last picture was touched. */
  restore() {
    const { gl } = this,
      { width, height } = this.still,
      [columns, rows] = TILES,
      [w, h] = [width / columns, height / rows];
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.still.framebuffer);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, this.moving.framebuffer);
    for (let y = 0; y < rows; y++)
      for (let x = 0, run = 0; x < columns; x += run + 1) {
        for (run = 0; x + run < columns && this.dirty[y * columns + x + run]; run++);
        const area = [x * w, y * h, (x + run) * w, (y + 1) * h];
        if (run) gl.blitFramebuffer(...area, ...area, gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT | gl.STENCIL_BUFFER_BIT, gl.NEAREST);
      }
    this.dirty.fill(0);
  }

  /** Whether a house stands between the camera and a point. */
  hidden(point) {
    const d = sub(point, this.eye);
    return this.street.blocks.some(({ low, high, top }) => {
      let [from, to] = [0, 1];
      for (const k of [0, 1]) {
        const a = (low[k] - this.eye[k]) / d[k],
          b = (high[k] - this.eye[k]) / d[k];
        from = Math.max(from, Math.min(a, b));
        to = Math.min(to, Math.max(a, b));
      }
      return from < to && this.eye[2] + d[2] * from < top;
    });
  }

  /** Draws what moves over the kept street, halves it, adds the overlay and the code; returns RGBA rows, bottom first. */
  picture(index, drawMoving, drawNear) {
    const { gl } = this;
    this.restore();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.moving.framebuffer);
    gl.viewport(0, 0, this.moving.width, this.moving.height);
    drawMoving();
    copy(gl, this.moving, this.output, gl.COLOR_BUFFER_BIT, gl.LINEAR);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.output.framebuffer);
    gl.viewport(0, 0, WIDTH, HEIGHT);
    gl.disable(gl.DEPTH_TEST);
    gl.enable(gl.BLEND);
    drawNear?.();
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    this.draw('overlay', { vao: this.empty, count: 3 }, { uImage: OVERLAY });
    gl.disable(gl.BLEND);
    gl.enable(gl.DEPTH_TEST);
    this.code(index);
    const pixels = new Uint8Array(WIDTH * HEIGHT * 4);
    gl.readPixels(0, 0, WIDTH, HEIGHT, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    const error = gl.getError();
    if (error) throw new Error(`picture ${index}: GL error ${error}`);
    return pixels;
  }

  /** The picture code: 16 cells at the bottom left, see code.mjs. */
  code(index) {
    const { gl } = this;
    gl.enable(gl.SCISSOR_TEST);
    this.scene.code(index).forEach((bit, i) => {
      const level = (bit ? 215 : 20) / 255;
      gl.scissor(i * 16, 0, 16, 16);
      gl.clearColor(level, level, level, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
    });
    gl.disable(gl.SCISSOR_TEST);
  }
}
