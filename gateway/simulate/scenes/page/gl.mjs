import { LAYOUT } from './mesh.mjs';

export class Program {
  constructor(gl, { vertex, fragment }) {
    this.gl = gl;
    this.program = gl.createProgram();
    for (const [type, source] of [
      [gl.VERTEX_SHADER, vertex],
      [gl.FRAGMENT_SHADER, fragment],
    ]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
      gl.attachShader(this.program, shader);
    }
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(this.program));
    this.uniforms = new Map();
    for (let i = 0; i < gl.getProgramParameter(this.program, gl.ACTIVE_UNIFORMS); i++) {
      const info = gl.getActiveUniform(this.program, i);
      const name = info.name.replace('[0]', '');
      this.uniforms.set(name, { type: info.type, at: gl.getUniformLocation(this.program, name) });
    }
  }

  /** Sets the uniforms this program has; samplers take a texture unit, the rest numbers or arrays. */
  use(values) {
    const { gl } = this;
    gl.useProgram(this.program);
    for (const [name, value] of Object.entries(values)) {
      const uniform = this.uniforms.get(name);
      if (!uniform) continue;
      switch (uniform.type) {
        case gl.FLOAT:
          value.length ? gl.uniform1fv(uniform.at, value) : gl.uniform1f(uniform.at, value);
          break;
        case gl.FLOAT_VEC2:
          gl.uniform2fv(uniform.at, value);
          break;
        case gl.FLOAT_VEC3:
          gl.uniform3fv(uniform.at, value);
          break;
        case gl.FLOAT_VEC4:
          gl.uniform4fv(uniform.at, value);
          break;
        case gl.FLOAT_MAT4:
          gl.uniformMatrix4fv(uniform.at, false, value);
          break;
        default:
          gl.uniform1i(uniform.at, value);
      }
    }
  }
}

export function upload(gl, mesh) {
  const vao = gl.createVertexArray();
  gl.bindVertexArray(vao);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, mesh.bytes(), gl.STATIC_DRAW);
  LAYOUT.fields.forEach((f, i) => {
    gl.enableVertexAttribArray(i);
    gl.vertexAttribPointer(i, f.size, gl[f.type], f.normalized, LAYOUT.stride, f.offset);
  });
  gl.bindVertexArray(null);
  return { vao, count: mesh.count };
}

/** Uploads a model that is drawn in every picture: corners that triangles share are computed once. */
export function uploadShared(gl, mesh) {
  const words = new Uint32Array(mesh.bytes()),
    size = LAYOUT.stride / 4,
    known = new Map(),
    kept = [],
    order = [];
  for (let i = 0; i < mesh.count; i++) {
    const vertex = words.subarray(i * size, (i + 1) * size),
      key = vertex.join();
    if (!known.has(key)) {
      known.set(key, known.size);
      kept.push(...vertex);
    }
    order.push(known.get(key));
  }
  const shared = { count: order.length, bytes: () => new Uint32Array(kept) },
    { vao, count } = upload(gl, shared);
  gl.bindVertexArray(vao);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint16Array(order), gl.STATIC_DRAW);
  gl.bindVertexArray(null);
  return { vao, count, shared: true };
}

export function textureOf(gl, unit, canvas, { mipmaps = true } = {}) {
  gl.activeTexture(gl.TEXTURE0 + unit);
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, canvas);
  for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, mipmaps ? gl.LINEAR_MIPMAP_LINEAR : gl.LINEAR);
  if (mipmaps) {
    gl.generateMipmap(gl.TEXTURE_2D);
    const sharper = gl.getExtension('EXT_texture_filter_anisotropic');
    if (sharper) gl.texParameterf(gl.TEXTURE_2D, sharper.TEXTURE_MAX_ANISOTROPY_EXT, 8);
  }
  return texture;
}

/** A place to draw into; with a texture unit, one that shaders can read. */
export function target(gl, width, height, { depth = true, unit } = {}) {
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  if (unit === undefined) {
    const color = gl.createRenderbuffer();
    gl.bindRenderbuffer(gl.RENDERBUFFER, color);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, color);
  } else {
    gl.activeTexture(gl.TEXTURE0 + unit);
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  }
  if (depth) {
    const buffer = gl.createRenderbuffer();
    gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH24_STENCIL8, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_STENCIL_ATTACHMENT, gl.RENDERBUFFER, buffer);
  }
  return { framebuffer, width, height };
}

export function shadowTarget(gl, size, unit) {
  gl.activeTexture(gl.TEXTURE0 + unit);
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.DEPTH_COMPONENT24, size, size);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_COMPARE_MODE, gl.COMPARE_REF_TO_TEXTURE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, texture, 0);
  return { framebuffer, width: size, height: size };
}

export function copy(gl, from, to, mask, filter = gl.NEAREST) {
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, from.framebuffer);
  gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, to.framebuffer);
  gl.blitFramebuffer(0, 0, from.width, from.height, 0, 0, to.width, to.height, mask, filter);
}
